import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

/// The legal twins run, and what types cannot see is stopped where it is tried.
@Suite struct LegalFlowsTests {
    @Test func `the legal settlement and its distribution run to their end`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three) { registry, book in
            registry.register(LegalSettlement(book: book))
            registry.register(LegalDistribution())
        }
        try await bench.use { bench in
            let input = try JournalEncoder().encode(bench.book.sealed)
            _ = try await bench.operations.submit(bench.id, flow: LegalSettlement.flow, input: input)
            let row = try await bench.until(.completed)
            #expect(row.output.map { String(decoding: $0, as: UTF8.self) } == "\"3 lines, 10 units\"")
        }
    }

    @Test func `an instruction of one's own is not sent under the business's kinds`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three) { registry, _ in
            registry.register(OwnMinting())
        }
        try await bench.use { bench in
            _ = try await bench.operations.submit(
                bench.id, flow: OwnMinting.flow, input: Array("{}".utf8))
            let row = try await bench.until(.stuck)
            let predicament = try #require(try bench.predicament(row))
            #expect(predicament.cause == .illegal)
            #expect(predicament.message.contains("it is none of this business's own"))
            #expect(bench.world.book(of: Parties.custodian).attempts.isEmpty)
        }
    }

    @Test func `evidence is decoded by nobody but the engine`() throws {
        let address = Array(#"{"saga":"SG-TOWER-1","stage":"minted","refusals":0}"#.utf8)
        #expect(throws: (any Error).self) { try JournalDecoder().decode(Approved<Mint>.self, from: address) }
        #expect(throws: (any Error).self) { try JournalDecoder().decode(AllSettled<Funding>.self, from: address) }
        #expect(throws: (any Error).self) { try JournalDecoder().decode(Settled<Transfer>.self, from: address) }
        #expect(throws: (any Error).self) { try JournalDecoder().decode(Posted<MintPosting>.self, from: address) }
        let mint = Array(
            #"{"funded":{"saga":"A","stage":"fund","refusals":0},"offering":"A","asset":"D","to":"T"}"#.utf8)
        #expect(throws: (any Error).self) { try JournalDecoder().decode(Mint.self, from: mint) }
        #expect(try JournalDecoder().decode(EvidenceAddress.self, from: address).stage.rawValue == "minted")
    }
}

/// Has the custodian told to mint by an instruction that is not this business's.
private struct OwnMinting: Saga {
    struct Input: Codable, Sendable {}
    typealias Output = String

    static let name = "own-minting"

    enum Stage: String, SagaStage { case mint }

    func run(_ input: Input, in saga: SagaContext<Stage>) async throws -> String {
        try await saga.pointOfNoReturn()
        return try await saga.send(.mint, OwnMint()).receipt.id
    }
}

private struct OwnMint: Instruction {
    static let kind = Mint.kind
    static let counterparty = Parties.custodian
    var facts: Facts { ["asset": "DABS-SG-TOWER-1", "amount": "11", "to": "TRE-1"] }
}
