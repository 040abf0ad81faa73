import Adapters
import Foundation
import SagaEngine
import SettlementFlows

@testable import saga_runner

/// A configuration and an empty store of their own; with a canned answer, a daemon that holds the store and gives it.
final class ClientBench: Sendable {
    /// What the daemon was asked: who, method, path, body.
    let requests = Locked([String]())
    private let folder: String
    private let store: SQLiteStore?
    private let server: HTTPServer?

    init(answering status: Int? = nil, _ answer: String = "{}") async throws {
        folder = NSTemporaryDirectory() + "saga-runner-client-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let requests = requests
        server = try status.map { status in
            try HTTPServer.start(router: Self.router(status, answer, recordingTo: requests))
        }
        let store = try await SQLiteStore.open(
            SQLiteStoreConfiguration(
                path: folder + "/sagas.db", clock: SystemClock(), digest: SHA256Digest(),
                handlers: FlowCatalogue.recordHandlers, address: server.map { "http://127.0.0.1:\($0.port)" } ?? ""))
        if server == nil { await store.close() }
        self.store = server == nil ? nil : store
        _ = try write(
            "// A comment.\n{\"store\":{\"path\":\"sagas.db\"},\"client\":{\"token\":{\"file\":\"token\"}}}",
            as: "saga-runner.json")
        _ = try write("secret-token\n", as: "token")
    }

    func close() async throws {
        await server?.stop()
        await store?.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Puts an anchor beside the closed store that remembers more seals than it has, as after a copy was put back.
    func age() async throws {
        let store = try await SQLiteStore.openForReading(
            SQLiteStoreConfiguration(path: folder + "/sagas.db", clock: SystemClock(), digest: SHA256Digest()))
        let head = try await store.auditHead()
        await store.close()
        try AuditAnchor(AuditHead(store: head.store, number: head.number + 7, at: head.at, link: head.link))
            .write(to: folder + "/anchor")
        _ = try write(#"{"store":{"path":"sagas.db","anchor":"anchor"}}"#, as: "saga-runner.json")
    }

    func write(_ text: String, as name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
        return folder + "/" + name
    }

    /// Runs a command line that finds this store through the environment.
    func run(_ arguments: [String]) async throws -> CommandLineRun {
        try await CommandLineRun.of(arguments, variables: ["SAGA_RUNNER_CONFIG": folder + "/saga-runner.json"])
    }

    private static func router(_ status: Int, _ answer: String, recordingTo requests: Locked<[String]>) -> Router {
        var router = Router()
        for method in [HTTPMethod.get, .post, .put] {
            for path in ["/api/v1/{a}", "/api/v1/{a}/{b}", "/api/v1/{a}/{b}/{c}"] {
                router.on(method, path) { request in
                    let actor = request.headers["Authorization"] ?? "nobody"
                    let body = String(decoding: request.body, as: UTF8.self)
                    requests.withLock { $0.append("\(actor) \(method.rawValue) \(request.path) \(body)") }
                    return .json(status, Array(answer.utf8))
                }
            }
        }
        return router
    }
}
