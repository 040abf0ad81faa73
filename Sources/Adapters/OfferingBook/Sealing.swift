internal import SagaEngine
internal import SettlementFlows

/// Fixes the content of an offering: compares it with what may stand sealed, checks the log, writes the demands.
enum Sealing {
    private struct Load {
        let number: Int64
        let digest: String
        let lastTime: Int64
    }

    private enum Outcome {
        case sealed(ContentDigest)
        case differs([OfferingBookError.Content])
    }

    static func seal(
        _ offering: Offering, investors policy: InvestorPolicy, over content: LoadedContent,
        in connection: any TableConnection
    ) throws -> ContentDigest {
        let outcome = try connection.atomically {
            try OfferingTurn.prepare(offering.id, in: connection)
            try OfferingTurn.holdFree(offering.id, in: connection)
            return try fix(offering, policy, content, in: connection)
        }
        switch outcome {
        case .sealed(let input): return input
        // What was loaded in vain has been dropped by then.
        case .differs(let what): throw OfferingBookError.contentDiffers(offering.id, what)
        }
    }

    private static func fix(
        _ offering: Offering, _ policy: InvestorPolicy, _ content: LoadedContent, in connection: any TableConnection
    ) throws -> Outcome {
        let sealed = try BookRecord.find(offering.id, in: connection)
        let investors = try load(
            .investors, of: offering.id, as: content.investors, orSealed: sealed?.investorLoad, in: connection)
        if investors == nil && policy == .required { throw OfferingBookError.notLoaded(offering.id, .investors) }
        let events = try load(
            .subscriptions, of: offering.id, as: content.subscriptions, orSealed: sealed?.eventLoad, in: connection)
        guard let events else { throw OfferingBookError.notLoaded(offering.id, .subscriptions) }
        let replaced = replaced(content, investors, events)
        let input = digest(offering, investors: investors?.digest, events: events.digest)
        if let sealed {
            try dropCurrent(offering.id, in: connection)
            guard sealed.input == input, replaced.isEmpty else {
                let what = try differences(from: sealed, offering, investors, events, in: connection)
                let all = OfferingBookError.Content.allCases
                return .differs(all.filter { what.contains($0) || replaced.contains($0) })
            }
            return .sealed(input)
        }
        guard replaced.isEmpty else { throw OfferingBookError.contentReplaced(offering.id, replaced) }
        try refuseLateRows(offering, events.number, lastTime: events.lastTime, in: connection)
        if let investors { try HouseAccounts.refuse(offering, investors: investors.number, in: connection) }
        try write(offering, input, investors?.number, events.number, in: connection)
        return .sealed(input)
    }

    /// What is not as whoever seals has loaded it.
    private static func replaced(
        _ content: LoadedContent, _ investors: Load?, _ events: Load
    ) -> [OfferingBookError.Content] {
        var what: [OfferingBookError.Content] = []
        if let own = content.investors, own.rawValue != investors?.digest { what.append(.investors) }
        if let own = content.subscriptions, own.rawValue != events.digest { what.append(.subscriptions) }
        return what
    }

    /// What is not as it stands sealed.
    private static func differences(
        from sealed: BookRecord, _ offering: Offering, _ investors: Load?, _ events: Load,
        in connection: any TableConnection
    ) throws -> [OfferingBookError.Content] {
        let digest = { (load: Int64?) in
            try load.flatMap {
                try connection.firstRow("SELECT digest FROM offering_load WHERE load = ?", .integer($0)) { $0.text(0) }
            }
        }
        var what: [OfferingBookError.Content] = []
        if sealed.offering.canonicalText != offering.canonicalText { what.append(.offering) }
        if try digest(sealed.investorLoad) != investors?.digest { what.append(.investors) }
        if try digest(sealed.eventLoad) != events.digest { what.append(.subscriptions) }
        return what
    }

    private static func write(
        _ offering: Offering, _ input: ContentDigest, _ investors: Int64?, _ events: Int64,
        in connection: any TableConnection
    ) throws {
        let book = try connection.firstRow(
            """
            INSERT INTO offering_book(offering_id, input_digest, terms, investor_load, event_load, demand)
            VALUES(?, ?, ?, ?, ?, ?) RETURNING book
            """, .text(offering.id.rawValue), .text(input.rawValue), .blob(try JournalEncoder().encode(offering)),
            investors.map(TableValue.integer) ?? .null, .integer(events), .blob(WideInteger.bytes(0))
        ) { $0.int64(0) }
        guard let book else { throw OfferingBookDamage(table: "offering_book") }
        var check = LogCheck(book: book, offering: offering.id, events: events, investors: investors)
        let total = try check.run(in: connection)
        try connection.run(
            "UPDATE offering_book SET demand = ? WHERE book = ?", .blob(WideInteger.bytes(total.count)),
            .integer(book))
        for load in [investors, events] {
            guard let load else { continue }
            try connection.run("UPDATE offering_load SET state = 'sealed' WHERE load = ?", .integer(load))
        }
    }

    /// What was loaded last, or else what stands sealed: the same offering may be sent again without its files, or
    /// while somebody else has just loaded other ones.
    private static func load(
        _ part: OfferingPart, of offering: OfferingID, as own: ContentDigest?, orSealed sealed: Int64?,
        in connection: any TableConnection
    ) throws -> Load? {
        let read = { (row: any TableRow) in
            Load(number: row.int64(0), digest: row.text(1), lastTime: row.int64(2))
        }
        let current = try connection.firstRow(
            """
            SELECT load, digest, last_time FROM offering_load WHERE offering_id = ? AND part = ? AND state = 'current'
            """, .text(offering.rawValue), .text(part.rawValue), read: read)
        if let current, own.map({ $0.rawValue == current.digest }) ?? true { return current }
        guard let sealed else { return current }
        let standing = try connection.firstRow(
            "SELECT load, digest, last_time FROM offering_load WHERE load = ?", .integer(sealed), read: read)
        guard let own, let current else { return standing }
        return standing?.digest == own.rawValue ? standing : current
    }

    private static func dropCurrent(_ offering: OfferingID, in connection: any TableConnection) throws {
        try connection.run(
            "UPDATE offering_load SET state = 'dropped' WHERE offering_id = ? AND state = 'current'",
            .text(offering.rawValue))
    }

    /// The digest of an offering by its terms and the digests of its files.
    static func digest(_ offering: Offering, investors: String?, events: String) -> ContentDigest {
        var digest = SHA256Digest()
        digest.update(Array(offering.canonicalText.utf8))
        digest.update(Array("\(investors ?? "-")\u{1F}\(events)\u{1E}".utf8))
        return ContentDigest(bytes: digest.finalize())
    }

    private static func refuseLateRows(
        _ offering: Offering, _ events: Int64, lastTime: Int64, in connection: any TableConnection
    ) throws {
        guard lastTime > offering.closesAt.milliseconds else { return }
        let rows = OfferingBookSchema.rows(of: events)
        let row = try connection.firstRow(
            "SELECT min(row) FROM offering_event WHERE row BETWEEN ? AND ? AND submitted_at > ?", rows.first,
            rows.last, .integer(offering.closesAt.milliseconds)
        ) { $0.int64(0) }
        throw OfferingBookError.badRow(
            RowFault(
                part: .subscriptions, line: Int((row ?? 0) & Int64(OfferingBookSchema.lastLine)), column: 3,
                kind: .afterClose,
                message: "submitted_at must not be after the offering's closes_at, \(offering.closesAt.rfc3339)"))
    }
}
