public import SettlementFlows

/// Loads an offering's files into an offering book, chunk by chunk; after a fault nothing of the file is left in it.
public struct OfferingLoader: Sendable {
    private let book: any OfferingBook
    private let limits: CSVLimits

    /// A loader into a book.
    public init(book: any OfferingBook, limits: CSVLimits = .standard) {
        self.book = book
        self.limits = limits
    }

    /// Loads one file from its bytes, which may come from a disk or a socket.
    ///
    /// Throws `OfferingBookError`, with `badRow` for what is wrong in the file, or what the source of bytes throws.
    public func load<Chunks: AsyncSequence>(
        _ part: OfferingPart, of offering: OfferingID, from chunks: Chunks
    ) async throws -> LoadedPart where Chunks.Element == [UInt8] {
        let load = try await book.beginLoad(of: offering, part: part)
        do {
            var parser = CSVParser(part: part, limits: limits)
            for try await chunk in chunks {
                try await add(chunk, of: part, to: load, &parser)
            }
            try await addLast(of: part, to: load, &parser)
            return try await book.finish(load)
        } catch let fault as RowFault {
            try await book.abandon(load)
            throw OfferingBookError.badRow(fault)
        } catch {
            try await book.abandon(load)
            throw error
        }
    }

    private func add(
        _ chunk: [UInt8], of part: OfferingPart, to load: LoadID, _ parser: inout CSVParser
    ) async throws {
        switch part {
        case .investors:
            var page: [Numbered<Investor>] = []
            try parser.parse(chunk) { row throws(RowFault) in page.append(try Self.investor(row)) }
            try await book.add(page, to: load)
        case .subscriptions:
            var page: [Numbered<SubscriptionEvent>] = []
            try parser.parse(chunk) { row throws(RowFault) in page.append(try Self.event(row)) }
            try await book.add(page, to: load)
        }
    }

    private func addLast(of part: OfferingPart, to load: LoadID, _ parser: inout CSVParser) async throws {
        switch part {
        case .investors:
            var page: [Numbered<Investor>] = []
            try parser.finish { row throws(RowFault) in page.append(try Self.investor(row)) }
            try await book.add(page, to: load)
        case .subscriptions:
            var page: [Numbered<SubscriptionEvent>] = []
            try parser.finish { row throws(RowFault) in page.append(try Self.event(row)) }
            try await book.add(page, to: load)
        }
    }

    private static func investor(_ row: CSVRow) throws(RowFault) -> Numbered<Investor> {
        let fields = RowFields(part: .investors, row: row)
        let accounts = InvestorAccounts(
            escrow: try fields.name(3), deposit: try fields.name(4), token: try fields.name(5),
            tokenAddress: try fields.name(6))
        let investor = Investor(
            id: try fields.name(0), name: try fields.text(1, longest: Investor.longestField),
            email: try fields.text(2, longest: Investor.longestField), accounts: accounts,
            bankAccount: try fields.text(7, longest: Investor.longestField),
            bankBIC: try fields.text(8, longest: Investor.longestField))
        return Numbered(line: row.line, row: investor)
    }

    private static func event(_ row: CSVRow) throws(RowFault) -> Numbered<SubscriptionEvent> {
        let fields = RowFields(part: .subscriptions, row: row)
        let action = try fields.action(3)
        let event = SubscriptionEvent(
            subscription: try fields.name(0), investor: try fields.name(1), submittedAt: try fields.moment(2),
            action: action, units: try fields.units(4, for: action))
        return Numbered(line: row.line, row: event)
    }
}
