internal import SagaEngine

/// Reads the books back and lets a settlement end only when all four agree.
struct SettlementClose {
    let surveyor: Surveyor
    let summary: AllotmentSummary
    let opening: BookSurvey

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
    /// - Throws: ``Halt`` that names every difference.
    func agree(on ending: Ending) async throws -> Settlement {
        let offering = surveyor.sealed.offering
        let books = FourBooks(offering: offering, deeds: ending.deeds)
        let (closing, _) = try await surveyor.survey(of: summary, for: .returning)
        let ledger = try await surveyor.books.ledger(of: offering.id)
        let figures = try books.figures(from: opening, to: closing, ledger: ledger)
        var differences = try books.contradictions(with: summary)
        if ending.lines != summary.investors {
            differences.append("\(ending.lines) lines ended, but \(summary.investors) were published")
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
