internal import SagaEngine

/// Reads the books back and lets a settlement end only when all four agree.
struct SettlementClose {
    let surveyor: Surveyor
    let summary: AllotmentSummary

    /// How the lines ended, by the barriers.
    struct Ending {
        var outcome: Settlement.Outcome
        var lines: Int
        var excluded = 0
        var held = 0
        var deeds: FourBooks.Deeds
    }

    /// Compares, and says how the offering ended.
    ///
    /// - Throws: ``Halt`` that names the differences; ``ListingLag`` while a counterparty's books are behind.
    func agree(on ending: Ending) async throws -> Settlement {
        let offering = surveyor.sealed.offering
        let books = FourBooks(offering: offering, deeds: ending.deeds)
        let ledger = try await surveyor.books.ledger(of: offering.id)
        let reading = try await Readback(surveyor: surveyor, summary: summary, way: ending.outcome.way).read(ledger)
        let figures = try books.figures(moved: reading.sums, ledger: ledger)
        var differences = try books.contradictions(with: summary)
        for (count, what) in [(ending.lines, "ended"), (reading.lines, "are in the book")]
        where count != summary.investors {
            differences.append("\(count) lines \(what), but \(summary.investors) were published")
        }
        differences += reading.first
        if reading.differences > reading.first.count {
            differences.append("and \(reading.differences - reading.first.count) more movements")
        }
        differences += figures.filter { !$0.agrees }.map(\.description)
        guard differences.isEmpty else {
            throw Halt(
                code: "books_differ",
                message: "the books of \(offering.id) do not agree: " + differences.joined(separator: "; ")
                    + "; find the cause with the party named, then resume")
        }
        let money = offering.unitPrice.currency
        return Settlement(
            offering: offering.id, outcome: ending.outcome, lines: ending.lines, excluded: ending.excluded,
            held: ending.held, paid: Money(money, minorUnits: ending.deeds.paid),
            refunded: Money(money, minorUnits: ending.deeds.refunded),
            transferred: Money(money, minorUnits: ending.deeds.transferred), minted: ending.deeds.minted,
            distributed: ending.deeds.distributed, figures: figures)
    }
}

extension Settlement.Outcome {
    fileprivate var way: ExpectedMovements.Way {
        switch self {
        case .settled: .settled
        case .failed, .cancelled: .returned
        }
    }
}
