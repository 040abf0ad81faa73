internal import SagaEngine
internal import SettlementFlows

extension OfferingTables {
    /// Writes the lines page by page, sums and digests them, and makes them visible with one update at the end; nil
    /// when another has published them by the beginning.
    ///
    /// - Throws: `busy` when another has begun to do the same since; it is the one that counts.
    func publish(_ record: BookRecord) async throws(OfferingBookError) -> AllotmentSummary? {
        let rows = pageRows
        guard let allotting = try await perform({ try Allotting.begin(record, pageRows: rows, in: $0) }) else {
            return nil
        }
        let outcome = allotting.outcome
        var progress = Allotting.Progress()
        while !progress.isDone {
            let before = progress
            progress = try await perform { try allotting.writePage(after: before, in: $0) }
        }
        let leftOver = outcome == .prorated ? record.offering.unitsOffered.count - progress.quotients : 0
        try await perform { try allotting.rank(leftOver: leftOver, in: $0) }
        // The remainders have been ranked since.
        let sums = try await sums(
            of: try await self.record(of: record.offering.id, input: record.input), in: allotting)
        let summary = AllotmentSummary(
            offering: record.offering.id, inputDigest: record.input, linesDigest: sums.digest, outcome: outcome,
            offered: record.offering.unitsOffered, leftOver: Units(leftOver), totals: sums.totals)
        // Every demand has its line and every unit offered is allotted, or another hand has changed the tables.
        guard summary.subscribed == record.demand, outcome != .prorated || summary.allotted == summary.offered else {
            throw .storage(code: "book.damaged")
        }
        try await perform { try allotting.publish(summary, in: $0) }
        return summary
    }

    /// What the lines come to, and their digest; read within a turn of the offering, or as published.
    func sums(
        of record: BookRecord, in turn: Allotting? = nil
    ) async throws(OfferingBookError) -> (totals: AllotmentTotals, digest: ContentDigest) {
        let rows = pageRows
        var totals = AllotmentTotals(record.offering.unitPrice.currency)
        var digest = SHA256Digest()
        var last: InvestorID?
        while true {
            let after = last
            let page = try await perform { connection in
                let read = { try LineReading.allotments(of: record, after: after, limit: rows, in: connection) }
                return try turn?.perform(in: connection, read) ?? read()
            }
            guard let end = page.last else { break }
            for line in page {
                do throws(MoneyError) {
                    try totals.add(line)
                } catch {
                    throw .arithmetic(record.offering.id, error)
                }
                digest.update(Array(line.canonicalText.utf8))
            }
            last = end.investor
        }
        return (totals, ContentDigest(bytes: digest.finalize()))
    }
}
