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
    /// Throws `OfferingBookError`, with `badRows` for what is wrong in the file, or what the source of bytes throws.
    public func load<Chunks: AsyncSequence>(
        _ part: OfferingPart, of offering: OfferingID, from chunks: Chunks
    ) async throws -> LoadedPart where Chunks.Element == [UInt8] {
        let load = try await book.beginLoad(of: offering, part: part)
        do {
            var reading = Reading(part: part, limits: limits)
            do {
                for try await chunk in chunks { try await add(try reading.page(of: chunk), to: load, &reading) }
                try await add(try reading.page(of: nil), to: load, &reading)
            } catch let fault as RowFault {
                // After a fault of its form nothing more can be read in a file.
                reading.note(RowFaults(fault))
            }
            if let faults = reading.faults { throw OfferingBookError.badRows(faults) }
            return try await book.finish(load)
        } catch {
            try await book.abandon(load)
            throw error
        }
    }

    /// Hands a page to the book, until one has had a bad row: from then on only further bad rows are looked for.
    private func add(_ page: Page, to load: LoadID, _ reading: inout Reading) async throws {
        guard !reading.hasStopped else { return }
        reading.hasStopped = reading.faults != nil
        do {
            switch page {
            case .investors(let investors): try await book.add(investors, to: load)
            case .subscriptions(let events): try await book.add(events, to: load)
            }
        } catch OfferingBookError.badRows(let faults) {
            reading.note(faults)
            reading.hasStopped = true
        }
    }

    /// Rows that were read together.
    private enum Page {
        case investors([Numbered<Investor>])
        case subscriptions([Numbered<SubscriptionEvent>])
    }

    /// A file while it is read.
    private struct Reading {
        let part: OfferingPart
        private var parser: CSVParser
        private(set) var faults: RowFaults?
        /// Whether the book gets no more pages.
        var hasStopped = false

        init(part: OfferingPart, limits: CSVLimits) {
            self.part = part
            parser = CSVParser(part: part, limits: limits)
        }

        mutating func note(_ more: RowFaults) {
            guard faults != nil else { return faults = more }
            faults?.add(more)
        }

        /// The good rows that end in a chunk, or with the file (`nil`); bad ones are noted.
        mutating func page(of chunk: [UInt8]?) throws(RowFault) -> Page {
            switch part {
            case .investors: .investors(try rows(of: chunk, OfferingLoader.investor))
            case .subscriptions: .subscriptions(try rows(of: chunk, OfferingLoader.event))
            }
        }

        private mutating func rows<Row>(
            of chunk: [UInt8]?, _ read: (CSVRow) throws(RowFault) -> Numbered<Row>
        ) throws(RowFault) -> [Numbered<Row>] {
            var rows: [Numbered<Row>] = []
            var bad: [RowFault] = []
            let take = { (row: CSVRow) throws(RowFault) in
                do throws(RowFault) {
                    rows.append(try read(row))
                } catch {
                    bad.append(error)
                }
            }
            defer { for fault in bad { note(RowFaults(fault)) } }
            if let chunk { try parser.parse(chunk, take) } else { try parser.finish(take) }
            return rows
        }
    }

    private static func investor(_ row: CSVRow) throws(RowFault) -> Numbered<Investor> {
        let fields = RowFields(part: .investors, row: row)
        let accounts = InvestorAccounts(
            escrow: try fields.name(3), deposit: try fields.name(4), token: try fields.name(5),
            tokenAddress: try fields.address(6))
        let investor = Investor(
            id: try fields.investor(0), name: try fields.text(1, longest: Investor.longestField),
            email: try fields.email(2), accounts: accounts,
            bankAccount: try fields.text(7, longest: Investor.longestField), bankBIC: try fields.bic(8))
        return Numbered(line: row.line, row: investor)
    }

    private static func event(_ row: CSVRow) throws(RowFault) -> Numbered<SubscriptionEvent> {
        let fields = RowFields(part: .subscriptions, row: row)
        let action = try fields.action(3)
        let event = SubscriptionEvent(
            subscription: try fields.name(0), investor: try fields.investor(1), submittedAt: try fields.moment(2),
            action: action, units: try fields.units(4, for: action))
        return Numbered(line: row.line, row: event)
    }
}
