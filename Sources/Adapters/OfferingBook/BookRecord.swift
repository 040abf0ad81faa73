internal import SagaEngine
internal import SettlementFlows

/// A sealed offering as its row in the book says it.
struct BookRecord: Sendable {
    let number: Int64
    let offering: Offering
    let input: ContentDigest
    let investorLoad: Int64?
    let eventLoad: Int64
    /// The sum of all demand, W.
    let demand: Units
    /// The units that go to the largest remainders; nil before the remainders are known.
    let leftOver: UInt128?
    /// What was published; nil before.
    let summary: AllotmentSummary?

    static func find(_ offering: OfferingID, in connection: any TableConnection) throws -> BookRecord? {
        let row = try connection.firstRow(
            """
            SELECT book, input_digest, terms, investor_load, event_load, demand, left_over, summary
            FROM offering_book WHERE offering_id = ?
            """, .text(offering.rawValue)
        ) { try BookRecord(row: $0) }
        return row
    }

    private init(row: any TableRow) throws {
        let damage = OfferingBookDamage(table: "offering_book")
        guard let input = ContentDigest(rawValue: row.text(1)), let demand = WideInteger.read(row, 5) else {
            throw damage
        }
        number = row.int64(0)
        self.input = input
        investorLoad = row.isNull(3) ? nil : row.int64(3)
        eventLoad = row.int64(4)
        self.demand = Units(demand)
        leftOver = row.isNull(6) ? nil : WideInteger.read(row, 6)
        do throws(CodecError) {
            let decoder = JournalDecoder()
            offering = try decoder.decode(Offering.self, from: row.blob(2))
            summary = row.isNull(7) ? nil : try decoder.decode(AllotmentSummary.self, from: row.blob(7))
        } catch {
            throw damage
        }
    }
}
