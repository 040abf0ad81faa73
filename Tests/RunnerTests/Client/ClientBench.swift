import Adapters
import Foundation
import SagaEngine
import SettlementFlows

@testable import saga_runner

/// A configuration and an empty store of their own; with canned answers, a daemon that holds the store and gives them.
final class ClientBench: Sendable {
    /// What the daemon was asked: who, method, path, body.
    let requests = Locked([String]())
    /// The idempotency keys of what the daemon was asked to do.
    let keys = Locked([String]())
    /// What commands wait by.
    let clock = LeapingClock()
    private let folder: String
    private let store: SQLiteStore?
    private let server: HTTPServer?

    convenience init(answering status: Int? = nil, _ answer: String = "{}") async throws {
        try await self.init(answers: status.map { [($0, answer)] } ?? [])
    }

    /// A daemon that gives one answer after the other, and the last one from then on; without any there is none.
    init(answers: [(status: Int, text: String)]) async throws {
        folder = NSTemporaryDirectory() + "saga-runner-client-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let router = Self.router(Answers(answers), requests, keys)
        server = answers.isEmpty ? nil : try HTTPServer.start(router: router)
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

    /// Overwrites all of the closed store's database but its first page.
    func damage() throws {
        let file = try FileHandle(forUpdating: URL(filePath: folder + "/sagas.db"))
        let end = try file.seekToEnd()
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0x5A, count: Int(end) - 4_096))
        try file.close()
    }

    /// Has something written to the closed store, whose anchor then is not where the configuration says.
    func loseAnchor() async throws {
        let store = try await SQLiteStore.open(
            SQLiteStoreConfiguration(
                path: folder + "/sagas.db", clock: SystemClock(), digest: SHA256Digest(),
                handlers: FlowCatalogue.recordHandlers))
        let print = OperatorPrint(
            actor: "ann", role: "admin", action: "look", saga: nil, reason: "r", version: nil, outcome: "done",
            detail: "")
        _ = try await store.commit([.print(print)], under: nil)
        await store.close()
        _ = try write(#"{"store":{"path":"sagas.db","anchor":"gone"}}"#, as: "saga-runner.json")
    }

    func write(_ text: String, as name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
        return folder + "/" + name
    }

    /// Runs a command line that finds this store through the environment.
    func run(_ arguments: [String], variables: [String: String] = [:]) async throws -> CommandLineRun {
        let named = ["SAGA_RUNNER_CONFIG": folder + "/saga-runner.json"]
        return try await CommandLineRun.of(
            arguments, variables: named.merging(variables) { $1 }, clock: clock)
    }

    private static func router(
        _ answers: Answers, _ requests: Locked<[String]>, _ keys: Locked<[String]>
    ) -> Router {
        var router = Router()
        for method in [HTTPMethod.get, .post, .put] {
            for path in ["/api/v1/{a}", "/api/v1/{a}/{b}", "/api/v1/{a}/{b}/{c}"] {
                router.on(method, path) { request in
                    let actor = request.headers["Authorization"] ?? "nobody"
                    let body = String(decoding: request.body, as: UTF8.self)
                    requests.withLock { $0.append("\(actor) \(method.rawValue) \(request.path) \(body)") }
                    if let key = request.headers["Idempotency-Key"] { keys.withLock { $0.append(key) } }
                    let (status, text) = answers.next()
                    return .json(status, Array(text.utf8))
                }
            }
        }
        return router
    }
}

/// Canned answers, one after the other; the last one stays.
private final class Answers: Sendable {
    private let rest: Locked<[(status: Int, text: String)]>

    init(_ answers: [(status: Int, text: String)]) {
        rest = Locked(answers)
    }

    func next() -> (status: Int, text: String) {
        rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }
}

/// A clock that leaps over every wait and remembers how long they were.
final class LeapingClock: SagaClock {
    /// The waits, in milliseconds.
    let waits = Locked([Int64]())
    private let moment = Locked(Timestamp(milliseconds: 1_800_000_000_000))

    func now() -> Timestamp { moment.withLock { $0 } }

    func sleep(until later: Timestamp) async {
        let wait = moment.withLock { moment in
            defer { moment = max(moment, later) }
            return (later - moment).milliseconds
        }
        waits.withLock { $0.append(wait) }
    }
}
