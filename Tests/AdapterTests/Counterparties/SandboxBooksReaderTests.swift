import Adapters
import SagaEngine
import SettlementFlows
import Testing

@Suite struct SandboxBooksReaderTests {
    @Test(arguments: [
        (SandboxParty.custodian, "custodian"), (SandboxParty.blockchain, "blockchain"), (SandboxParty.bank, "bank"),
    ])
    func `books that cannot be read say whose they are`(party: SandboxParty, name: String) async throws {
        var router = Router()
        router.on(.get, party.root + "/balances") { _ in .text(200, "nothing of the dialect") }
        let server = try HTTPServer.start(router: router)
        let http = try HTTPClient()
        let reader = SandboxBooksReader(of: party, address: "http://127.0.0.1:\(server.port)", http: http)
        let garbled = await #expect(throws: SandboxReadError.self) { try await reader.accounts() }
        #expect(garbled?.description == "the \(name)'s books are not of the dialect: dialect.not_json")
        let missing = await #expect(throws: SandboxReadError.self) { try await reader.records() }
        #expect(missing?.description == "the \(name)'s books could not be read: it answered 404")
        await server.stop()
        let away = await #expect(throws: SandboxReadError.self) { try await reader.accounts() }
        #expect(away?.description.hasPrefix("the \(name)'s books could not be read: http.") == true)
        #expect(away?.party == CounterpartyName(rawValue: name))
        await http.shutdown()
    }
}
