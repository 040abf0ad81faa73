import Adapters
import SagaEngine
import Sandbox
import Testing

@testable import saga_runner

/// The counterparties of a test, over HTTP.
enum SandboxBench {
    /// Runs the counterparties while the body looks on.
    static func use(
        _ offerings: SmallOffering..., faults: [FaultRule],
        _ body: @Sendable (SandboxServer) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        var configuration = SandboxConfiguration(
            faults: FaultPlan(seed: 5, rules: faults), secret: try WebhookSecret(DaemonBench.secretText, keyID: "k1"),
            offerings: try offerings.map { try $0.write(into: folder) })
        for index in configuration.profiles.indices {
            configuration.profiles[index].quietTime = .seconds(1)
            guard !configuration.profiles[index].settlesAtOnce else { continue }
            configuration.profiles[index].completion = .milliseconds(2)
            configuration.profiles[index].completionJitter = .milliseconds(2)
        }
        let sandbox = try await SandboxServer.start(configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sandbox.run() }
            try await body(sandbox)
            group.cancelAll()
        }
        await sandbox.stop()
    }

    /// Tells the counterparties where the daemon answers now.
    static func direct(_ sandbox: SandboxServer, to daemon: Daemon) async throws {
        let http = try HTTPClient()
        let body = JSONValue.fields(("address", .string(daemon.address + "/webhooks"))).bytes()
        let answer = try await http.execute(
            HTTPRequest(method: .put, url: sandbox.address + "/admin/callback", body: body))
        #expect(answer.status == 200)
        await http.shutdown()
    }

    /// How many kinds of fault struck.
    static func faultsMet(_ sandbox: SandboxServer) async throws -> Int {
        let http = try HTTPClient()
        let answer = try await http.execute(HTTPRequest(method: .get, url: sandbox.address + "/admin/faults"))
        await http.shutdown()
        let cells = SagaJSON.json(answer.body)["faults"]?.arrayValue ?? []
        return cells.count { ($0["count"]?.integerValue ?? 0) > 0 }
    }

    /// Some of all kinds that mend themselves.
    static let faults: [FaultRule] = {
        let kinds: [(FaultKind, Adapters.CallVerb)] = [
            (.errorBefore, .deliver), (.errorAfter, .deliver), (.cut, .deliver), (.noticeDoubled, .notice),
            (.noticeLost, .notice), (.noticeForged, .notice), (.noticeEarly, .notice), (.rateLimited, .find),
        ]
        return kinds.map { FaultRule($0.0, at: [$0.1], perMille: 60, delay: .milliseconds(50)) }
    }()
}
