internal import SagaEngine
public import SettlementFlows

extension OfferingTables {
    /// How far the digest of a load of investors has come.
    private struct Progress {
        var digest = FieldDigest()
        var last: Int64
        var isDone = false
    }

    /// The digests of a published offering over its rows as they stand.
    public func digests(
        of offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> RowDigests {
        let record = try await published(offering, input)
        guard let load = record.investorLoad else { throw .notLoaded(offering, .investors) }
        let events = try await perform { connection in
            try connection.firstRow("SELECT digest FROM offering_load WHERE load = ?", .integer(record.eventLoad)) {
                $0.text(0)
            }
        }
        let investors = try await investorsDigest(of: load)
        return RowDigests(
            input: Sealing.digest(record.offering, investors: investors.rawValue, events: events ?? ""),
            lines: try await sums(of: record).digest)
    }

    /// The digest of a load's investors in file order, as it was when they were loaded.
    private func investorsDigest(of load: Int64) async throws(OfferingBookError) -> ContentDigest {
        let rows = pageRows
        var progress = Progress(last: load << OfferingBookSchema.lineBits)
        while !progress.isDone {
            let before = progress
            progress = try await perform { try Self.page(of: load, after: before, limit: rows, in: $0) }
        }
        return progress.digest.content
    }

    /// The next page. The key that leads from an investor's id to this row is looked up, too: one that leads elsewhere
    /// makes another digest, as a changed row does.
    private static func page(
        of load: Int64, after before: Progress, limit: Int, in connection: any TableConnection
    ) throws -> Progress {
        var progress = before
        var count = 0
        try connection.forEachRow(
            """
            SELECT i.row, i.investor_id, i.name, i.email, i.escrow_account, i.deposit_account, i.token_account,
                i.token_address, i.bank_account, i.bank_bic,
                (SELECT k.row FROM offering_investor_key k WHERE k.load = ?1 AND k.investor_id = i.investor_id)
            FROM offering_investor i WHERE i.row > ?2 AND i.row <= ?3 ORDER BY i.row LIMIT ?4
            """, .integer(load), .integer(before.last), OfferingBookSchema.rows(of: load).last, .integer(Int64(limit))
        ) { row in
            count += 1
            progress.last = row.int64(0)
            let isFound = !row.isNull(10) && row.int64(10) == progress.last
            progress.digest.feed((1...9).map { row.text(Int32($0)) } + (isFound ? [] : ["misled"]))
        }
        progress.isDone = count < limit
        return progress
    }
}
