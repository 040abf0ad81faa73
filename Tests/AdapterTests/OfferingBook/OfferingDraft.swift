import Adapters
import SagaEngine
import SettlementFlows

/// An offering for tests, with its log written row by row.
struct OfferingDraft {
    var offering: Offering
    var investors: [Numbered<Investor>] = []
    var events: [Numbered<SubscriptionEvent>] = []

    init(id: String = "SG-1", offered: UInt128, minimum: UInt128 = 1, price: Int128 = 507) throws {
        offering = try Offering(
            id: OfferingID(id), name: "Tower", unitPrice: Money(.sgd, minorUnits: price),
            unitsOffered: Units(offered), minimumUnits: Units(minimum), issuerAccount: AccountID("ISS"),
            treasuryAccount: AccountID("TRE"), tokenAsset: AssetID("DABS"), refundTo: .deposit,
            closesAt: Timestamp(milliseconds: 1_000_000_000), allotmentAt: Timestamp(milliseconds: 2_000_000_000),
            timeZone: "Asia/Singapore")
    }

    mutating func invest(_ id: String) throws {
        let accounts = InvestorAccounts(
            escrow: try AccountID("ESC-\(id)"), deposit: try AccountID("DEP-\(id)"), token: try AccountID("TOK-\(id)"),
            tokenAddress: try TokenAddress("0x\(id)"))
        let investor = Investor(
            id: try InvestorID(id), name: "Name \(id)", email: "\(id)@example.com", accounts: accounts,
            bankAccount: "1", bankBIC: "DBSSSGSG")
        investors.append(Numbered(line: investors.count + 2, row: investor))
    }

    mutating func log(
        _ subscription: String, _ investor: String, at time: Int64, _ action: SubscriptionEvent.Action, _ units: UInt64
    ) throws {
        let event = SubscriptionEvent(
            subscription: try SubscriptionID(subscription), investor: try InvestorID(investor),
            submittedAt: Timestamp(milliseconds: time),
            action: action, units: units)
        events.append(Numbered(line: events.count + 2, row: event))
    }

    /// Loads the draft in pages of `pageRows` and seals it.
    func seal(in book: any OfferingBook, pageRows: Int = 7) async throws -> ContentDigest {
        _ = try await load(into: book, pageRows: pageRows)
        return try await book.seal(offering, investors: investors.isEmpty ? .optional : .required)
    }

    /// Loads the draft in pages of `pageRows`.
    func load(into book: any OfferingBook, pageRows: Int = 7) async throws -> LoadedContent {
        var content = LoadedContent()
        if !investors.isEmpty {
            let load = try await book.beginLoad(of: offering.id, part: .investors)
            for start in stride(from: 0, to: investors.count, by: pageRows) {
                try await book.add(Array(investors[start..<min(start + pageRows, investors.count)]), to: load)
            }
            content.investors = try await book.finish(load).digest
        }
        let load = try await book.beginLoad(of: offering.id, part: .subscriptions)
        for start in stride(from: 0, to: events.count, by: pageRows) {
            try await book.add(Array(events[start..<min(start + pageRows, events.count)]), to: load)
        }
        content.subscriptions = try await book.finish(load).digest
        return content
    }
}
