internal import SagaEngine

/// Looks up, line by line, what stands at the counterparties under an offering's own references before it begins.
///
/// An old copy that was put back has forgotten what has moved since: what moved by the way that the offering is to go
/// is found there again by its key, and what moved by the other way must not move once more.
struct StandingMovements {
    let offering: Offering
    let books: any MovementBooks

    /// What stands for one line.
    struct OfLine {
        fileprivate(set) var movements: [(way: ExpectedMovements.Way, found: Found)] = []

        /// One movement, and what the line would have moved under its reference.
        struct Found {
            let party: CounterpartyName
            let movement: BookMovement
            let expected: ExpectedMovement

            /// Whether it is what the line would move.
            let isAsExpected: Bool

            /// Whose it is, its reference, and what it moves.
            var words: String {
                "\(party), \(movement.reference): \(movement.words)" + (movement.isSettled ? "" : ", still to come")
            }
        }

        /// What stands by a way, or by the other one.
        func movements(by way: ExpectedMovements.Way) -> [Found] {
            movements.filter { $0.way == way }.map(\.found)
        }

        /// - Throws: ``ListingLag`` while a movement by a way is still to come.
        func checkSettled(by way: ExpectedMovements.Way) throws(ListingLag) {
            guard let found = movements(by: way).first(where: { !$0.movement.isSettled }) else { return }
            throw ListingLag(party: found.party, what: "\(found.movement.reference) is still to come")
        }

        /// How much has left the line's escrow account by a way.
        func gone(by way: ExpectedMovements.Way) throws(MoneyError) -> Int128 {
            var gone: Int128 = 0
            for found in movements(by: way) {
                let (sum, overflow) = gone.addingReportingOverflow(found.expected.amount)
                guard !overflow else { throw .overflow }
                gone = sum
            }
            return gone
        }
    }

    /// What stands for some lines, at most ``Surveyor/page`` of them; as sure as asking about each by itself.
    func of(_ lines: [AllotmentLine]) async throws -> [OfLine] {
        guard !lines.isEmpty else { return [] }
        let movements = ExpectedMovements(offering: offering, way: .settled)
        let departures = try lines.map { try movements.departures(of: $0) }
        let effects = departures.flatMap { $0.map(\.movement.effect) }
        let findings = try await books.movements(under: effects)
        guard findings.count == effects.count else {
            throw Halt(
                code: "books_incomplete",
                message: "\(effects.count) movements were asked about, and \(findings.count) answers came")
        }
        var rest = findings[...]
        return departures.map { departures in
            var line = OfLine()
            for (departure, finding) in zip(departures, rest) {
                guard case .moved(let movement) = finding else { continue }
                let expected = departure.movement
                let found = OfLine.Found(
                    party: expected.effect.party, movement: movement, expected: expected,
                    isAsExpected: expected.agrees(with: movement, in: offering.unitPrice.currency))
                line.movements.append((departure.way, found))
            }
            rest = rest.dropFirst(departures.count)
            return line
        }
    }
}
