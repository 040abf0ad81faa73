import Adapters
import SagaEngine
import Sandbox
import SettlementFlows
import Testing

/// A real sandbox over HTTP on the bench, with a receiver of its callbacks; the sandbox's clock leaps over every wait.
final class SandboxBench: CounterpartyBench {
    let counterparty: any Counterparty
    let sendsNotices: Bool
    let address: String
    let shelf: NoticeShelf
    private let party: SandboxParty
    private let http: HTTPClient

    private init(_ party: SandboxParty, address: String, http: HTTPClient, shelf: NoticeShelf) {
        self.party = party
        self.address = address
        self.http = http
        self.shelf = shelf
        sendsNotices = party != .blockchain
        let terms = CounterpartyTerms(
            name: CounterpartyName(rawValue: party.rawValue), quietTime: .seconds(5), keyRetention: .forever,
            settlement: .noticeOrFind, instructions: [TestOrder.kind])
        let mapping = BenchAccounts.mapping
        counterparty =
            switch party {
            case .custodian: SandboxCustodian(terms: terms, address: address, http: http, mapping: mapping)
            case .blockchain: SandboxBlockchain(terms: terms, address: address, http: http, mapping: mapping)
            case .bank: SandboxBank(terms: terms, address: address, http: http, mapping: mapping)
            }
    }

    /// Runs a body with a sandbox, its service and a receiver, and takes everything down afterwards.
    static func run(
        _ party: SandboxParty, change: (inout SandboxConfiguration) -> Void = { _ in },
        _ body: (SandboxBench) async throws -> Void
    ) async throws {
        let secret = try WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
        let (shelf, clock) = (NoticeShelf(), SteppingClock())
        let receiver = try HTTPServer.start(router: receiving(shelf, clock, StandardWebhooks(secrets: [secret])))
        var configuration = SandboxConfiguration(secret: secret, clock: clock)
        configuration.callbackAddress = "http://127.0.0.1:\(receiver.port)/webhooks"
        change(&configuration)
        let sandbox = try await SandboxServer.start(configuration)
        let http = try HTTPClient()
        let bench = SandboxBench(party, address: sandbox.address, http: http, shelf: shelf)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sandbox.run() }
            defer { group.cancelAll() }
            try await body(bench)
        }
        await http.shutdown()
        await sandbox.stop()
        await receiver.stop()
    }

    private static func receiving(_ shelf: NoticeShelf, _ clock: SteppingClock, _ webhooks: StandardWebhooks) -> Router
    {
        var router = Router()
        router.on(.post, "/webhooks/{source}") { request in
            let verdict = webhooks.verify(
                headers: request.headers, body: request.body, now: clock.now().milliseconds / 1_000)
            guard case .verified(let id, _) = verdict else {
                shelf.noteRefused()
                return .text(401, "no")
            }
            let isChunked = request.headers["Transfer-Encoding"] == "chunked"
            guard shelf.admit(id, isChunked: isChunked) else { return .text(503, "later") }
            let source = CounterpartyName(rawValue: request.parameter("source"))
            do {
                shelf.put(try SandboxNotices(source: source).notice(id: id, body: request.body, headers: ""))
                return .text(200, "stored")
            } catch {
                Issue.record("a callback that nobody can read: \(error)")
                return .text(400, "no")
            }
        }
        return router
    }

    var books: any MovementBooks {
        SandboxMovements(readers: [
            CounterpartyName(rawValue: party.rawValue): SandboxBooksReader(of: party, address: address, http: http)
        ])
    }

    func instruction(_ number: Int) -> any Instruction { BenchAccounts.order(number, at: party) }

    func arm(_ rules: [FaultRule]) async {
        for rule in rules { await expectDone(.post, "/admin/faults", Array(Self.json(rule).utf8)) }
    }

    func freeze() async {
        let holder = party == .bank ? SandboxParty.custodian : party
        await expectDone(.put, "/admin/\(holder.rawValue)/accounts/ESC-1/frozen", [])
    }

    func finalNotice(about reference: String) async -> Notice { await shelf.next(about: reference) }

    func effects(of reference: String) async -> Int {
        guard let body = await expectDone(.get, "/admin/\(party.rawValue)/effects", []) else { return -1 }
        let lines = body.split(separator: UInt8(ascii: "\n")).map { PartyEvent(line: Array($0)) }
        return lines.filter { line in
            guard case .effect(let effect) = line else { return false }
            return effect.reference == reference
        }.count
    }

    @discardableResult
    func expectDone(_ method: HTTPMethod, _ path: String, _ body: [UInt8]) async -> [UInt8]? {
        do {
            let response = try await http.execute(HTTPRequest(method: method, url: address + path, body: body))
            #expect(response.status == 200, "\(path): \(String(decoding: response.body, as: UTF8.self))")
            return response.body
        } catch {
            Issue.record("\(path): \(error)")
            return nil
        }
    }

    private static func json(_ rule: FaultRule) -> String {
        let references = rule.references.map { "\"\($0)\"" }.joined(separator: ",")
        let verbs = rule.verbs.map { "\"\($0.rawValue)\"" }.sorted().joined(separator: ",")
        return """
            {"kind":"\(rule.kind.rawValue)","verbs":[\(verbs)],"references":[\(references)],\
            "per_mille":\(rule.perMille),"delay_ms":\(rule.delay.milliseconds)}
            """
    }
}
