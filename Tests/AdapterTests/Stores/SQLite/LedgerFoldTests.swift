import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@Suite struct LedgerFoldTests {
    /// Files each posting set under its line, unchecked.
    private struct Filing: RecordHandler {
        let kind = PostingSet.recordKind

        func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
            let set = try JournalDecoder().decode(PostingSet.self, from: record.body)
            let key = set.investor.map { "\(set.offering)/\($0)" } ?? set.offering.rawValue
            try books.append(record.body, to: LedgerHandler.log, key: key, cause: cause)
        }
    }

    private func posting(_ offering: String, _ investor: String, _ amount: Int128) throws -> Record {
        let set = PostingSet(
            offering: try OfferingID(offering), event: .funded, investor: try InvestorID(investor),
            legs: [PostingSet.Leg(.refunded, "SGD", amount)])
        return Record(kind: PostingSet.recordKind, body: try JournalEncoder().encode(set))
    }

    @Test func `lines are folded each by itself, over many pages, between neighbours and strangers`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock, handlers: [Filing()]))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["SG-1"], under: lease).first)
        let cause = RecordCause(saga: try hand.id("SG-1"), stage: StageName(rawValue: "post"), at: clock.now())
        let numbers = Array(1...1_300)
        // Two postings a line, the second for all after the first for all; and an offering whose name begins alike.
        var records: [Record] = []
        for round in 1...2 {
            for number in numbers { records.append(try posting("SG-1", "INV-\(number)", Int128(number * round))) }
        }
        records.append(try posting("SG-10", "INV-7", 1_000_000))
        let append = try await hand.append(
            to: "SG-1", claim, records: records.map { CausedRecord(record: $0, cause: cause) })
        _ = try await store.commit([.append(append)], under: lease)
        let fold = LedgerFold(store)
        let lines = numbers.map { "INV-\($0)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for asked in [lines, [lines[0]], [lines[1_299]], Array(lines[400..<800]), ["INV-1299", "INV-13", "INV-X"], []] {
            let totals = try await fold.totals(of: "SG-1", lines: asked)
            #expect(totals.map(\.refunded) == asked.map { (Int128($0.dropFirst(4)) ?? 0) * 3 })
        }
        #expect(try await fold.totals(of: "SG-1").refunded == Int128(numbers.reduce(0, +) * 3))
        await store.close()
    }
}
