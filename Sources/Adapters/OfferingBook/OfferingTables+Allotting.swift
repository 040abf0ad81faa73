internal import SagaEngine
internal import SettlementFlows

extension OfferingTables {
    /// Writes the lines page by page, sums and digests them, and makes them visible with one update at the end.
    func publish(_ record: BookRecord) async throws(OfferingBookError) -> AllotmentSummary {
        let outcome = AllotmentOutcome(demand: record.demand, offering: record.offering)
        let allotting = Allotting(record: record, outcome: outcome)
        try await perform { try allotting.clear(in: $0) }
        var progress = Allotting.Progress()
        while !progress.isDone {
            let before = progress
            progress = try await perform { try allotting.writePage(after: before, in: $0) }
        }
        let leftOver = outcome == .prorated ? record.offering.unitsOffered.count - progress.quotients : 0
        try await perform { try allotting.rank(leftOver: leftOver, in: $0) }
        let sums = try await sums(of: record.offering.id, input: record.input)
        let summary = AllotmentSummary(
            offering: record.offering.id, inputDigest: record.input, linesDigest: sums.digest, outcome: outcome,
            offered: record.offering.unitsOffered, leftOver: Units(leftOver), totals: sums.totals)
        // Every demand has its line and every unit offered is allotted, or another hand has changed the tables.
        guard summary.subscribed == record.demand, outcome != .prorated || summary.allotted == summary.offered else {
            throw .storage(code: "book.damaged")
        }
        try await perform { connection in
            _ = try connection.run(
                "UPDATE offering_book SET summary = ? WHERE book = ? AND summary IS NULL",
                .blob(try JournalEncoder().encode(summary)), .integer(record.number))
        }
        return summary
    }

    private func sums(
        of offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> (totals: AllotmentTotals, digest: ContentDigest) {
        let record = try await record(of: offering, input: input)
        var totals = AllotmentTotals(record.offering.unitPrice.currency)
        var digest = SHA256Digest()
        var last: InvestorID?
        while true {
            let after = last
            let page = try await perform {
                try LineReading.allotments(of: record, after: after, limit: Self.pageRows, in: $0)
            }
            guard let end = page.last else { break }
            for line in page {
                do throws(MoneyError) {
                    try totals.add(line)
                } catch {
                    throw .arithmetic(offering, error)
                }
                digest.update(Array(line.canonicalText.utf8))
            }
            last = end.investor
        }
        return (totals, ContentDigest(bytes: digest.finalize()))
    }
}
