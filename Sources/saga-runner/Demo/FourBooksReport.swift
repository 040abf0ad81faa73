internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// The four books of one settlement side by side: totals per asset, and every account compared.
struct FourBooksReport: Sendable {
    /// One figure as each book has it; nil where a book does not keep it.
    struct Row: Sendable, Equatable {
        let asset: String
        let what: String
        let digits: Int
        var ours: Int128
        var custodian: Int128?
        var bank: Int128?
        var chain: Int128?

        var agrees: Bool { [custodian, bank, chain].allSatisfy { $0 == nil || $0 == ours } }
    }

    let id: String
    let lines: Int
    private(set) var rows: [Row] = []
    private(set) var compared = 0
    private(set) var differences: [String] = []

    /// Whether every total and every account agrees.
    var agrees: Bool { differences.isEmpty && rows.allSatisfy(\.agrees) && compared > 0 }

    /// Reads the four books and compares them.
    static func read(_ offering: DemoOffering, from house: DemoHouse) async throws -> FourBooksReport {
        FourBooksReport(
            offering, ledger: try await .read(offering.offering.id.rawValue, from: house.client),
            custodian: try await .read(.custodian, at: house.sandboxAddress),
            bank: try await .read(.bank, at: house.sandboxAddress),
            chain: try await .read(.blockchain, at: house.sandboxAddress))
    }

    private init(
        _ offering: DemoOffering, ledger: DemoLedger, custodian: CounterpartyBook, bank: CounterpartyBook,
        chain: CounterpartyBook
    ) {
        id = offering.offering.id.rawValue
        lines = offering.lines.count
        do throws(CommandFailure) {
            try compare(offering, BookSet(offering.offering, ledger, custodian, bank, chain))
        } catch {
            differences.append(error.description)
        }
    }

    private mutating func compare(_ offering: DemoOffering, _ books: BookSet) throws(CommandFailure) {
        var released = Row(
            asset: books.money, what: "left escrow", digits: books.digits, ours: 0, custodian: 0, chain: 0)
        var refunded = Row(asset: books.money, what: "refunded", digits: books.digits, ours: 0)
        var units = Row(asset: books.token, what: "with investors", digits: 0, ours: 0, custodian: 0, chain: 0)
        for line in offering.lines {
            let own = try books.line(line)
            for figure in own { check(figure, "\(line.investor)") }
            released.add(own[0])
            refunded.add(own[1])
            units.add(own[2])
        }
        let house = try books.house()
        for figure in house { check(figure, "house") }
        rows = [released, refunded] + house + [units]
    }

    private mutating func check(_ row: Row, _ whose: String) {
        for (book, value) in [("custodian", row.custodian), ("bank", row.bank), ("chain", row.chain)] {
            guard let value else { continue }
            compared += 1
            guard value != row.ours else { continue }
            differences.append(
                "\(whose), \(row.what): ours \(FourBooksTable.amount(row.ours, row.digits)), "
                    + "\(book) \(FourBooksTable.amount(value, row.digits)) \(row.asset)")
        }
    }
}

extension FourBooksReport.Row {
    /// Adds one line's figure to a total.
    mutating func add(_ row: FourBooksReport.Row) {
        ours += row.ours
        if let value = row.custodian { custodian = (custodian ?? 0) + value }
        if let value = row.bank { bank = (bank ?? 0) + value }
        if let value = row.chain { chain = (chain ?? 0) + value }
    }
}
