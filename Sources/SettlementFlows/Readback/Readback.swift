internal import SagaEngine

/// Reads back what the counterparties moved under an offering's references, and compares it with our ledger.
///
/// Two passes, both page by page: every movement that the ledger knows is looked up by its reference, and everything
/// that is listed under the offering's references must be one of those. What accounts hold does not matter, so others
/// may move the same accounts at the same time.
struct Readback {
    /// How many lines are looked at together; none has more than five movements.
    static let page = 400
    /// How many differences are named one by one.
    static let named = 20
    /// How many buckets of references are looked through for what the ledger does not know.
    static let searched = 8

    private static let parties = [Parties.custodian, Parties.blockchain, Parties.bank]

    let surveyor: Surveyor
    let summary: AllotmentSummary
    let way: ExpectedMovements.Way

    /// What was read.
    struct Reading {
        fileprivate(set) var lines = 0
        fileprivate(set) var sums = MovedSums()
        fileprivate(set) var differences = 0
        /// The first differences in words.
        fileprivate(set) var first: [String] = []
        fileprivate(set) var unsettled: ListingLag?
        fileprivate(set) var seen = [ReferenceSketch](repeating: ReferenceSketch(), count: Readback.parties.count)

        fileprivate mutating func note(_ difference: String) {
            differences += 1
            if first.count < Readback.named { first.append(difference) }
        }
    }

    /// Reads and compares; throws ``ListingLag`` when nothing is wrong and a book is not complete yet.
    func read(_ ledger: LedgerTotals) async throws -> Reading {
        var reading = Reading()
        reading.lines = try await walk(ledger) { expected, finding in
            try compare(expected, finding, &reading)
        }
        var lag: ListingLag?
        for (index, party) in Self.parties.enumerated() {
            let seen = reading.seen[index]
            var listed = ReferenceSketch()
            try await list(party) { listed.insert($0.reference.rawValue) }
            let buckets = seen.differing(from: listed, atMost: Self.searched)
            guard !buckets.isEmpty else { continue }
            let oddities = try await oddities(to: ledger, at: party, in: buckets)
            for oddity in oddities { reading.note(oddity) }
            guard oddities.isEmpty else { continue }
            lag = ListingLag(party: party, what: "\(listed.count) of \(seen.count) movements are listed so far")
        }
        if reading.differences == 0, let lag = reading.unsettled ?? lag { throw lag }
        return reading
    }

    private func compare(
        _ expected: ExpectedMovement, _ finding: BookFinding, _ reading: inout Reading
    ) throws(Halt) {
        let currency = surveyor.money
        if let difference = expected.difference(from: finding, in: currency) { reading.note(difference) }
        guard case .moved(let movement) = finding else { return }
        let party = expected.effect.party
        if let index = Self.parties.firstIndex(of: party) { reading.seen[index].insert(movement.reference.rawValue) }
        if let amount = expected.amount(found: movement, in: currency) {
            try reading.sums.add(amount, of: expected.role, at: party)
        }
        if !movement.isSettled {
            reading.unsettled = ListingLag(party: party, what: "\(movement.reference) is still to come")
        }
    }

    /// What no waiting mends among what a party lists in some buckets of references, in words: what the ledger does not
    /// know, and what is listed more than once.
    private func oddities(
        to ledger: LedgerTotals, at party: CounterpartyName, in buckets: [Int]
    ) async throws -> [String] {
        var known: [String] = []
        _ = try await walk(ledger) { expected, finding in
            guard expected.effect.party == party, case .moved(let movement) = finding,
                buckets.contains(ReferenceSketch.bucket(of: movement.reference.rawValue))
            else { return }
            known.append(movement.reference.rawValue)
        }
        let references = SortedReferences(known)
        var oddities: [String] = []
        var listed = [BookMovement?](repeating: nil, count: references.count)
        try await list(party) { movement in
            guard oddities.count < Self.named, buckets.contains(ReferenceSketch.bucket(of: movement.reference.rawValue))
            else { return }
            guard let index = references.index(of: movement.reference.rawValue) else {
                oddities.append(ExpectedMovement.unknown(movement, at: party))
                return
            }
            if let first = listed[index] {
                oddities.append(ExpectedMovement.listedTwice(first, movement, at: party))
            }
            listed[index] = movement
        }
        return oddities
    }

    /// Visits every movement that the ledger knows with what its counterparty says; answers how many lines there were.
    private func walk(
        _ ledger: LedgerTotals, _ visit: (ExpectedMovement, BookFinding) throws -> Void
    ) async throws -> Int {
        let movements = ExpectedMovements(offering: surveyor.sealed.offering, way: way)
        try await ask(movements.ofOffering(ledger), visit)
        let lines = OfferingLines(of: summary, in: surveyor.sealed, from: surveyor.book)
        var cursor: ElementID?
        var count = 0
        while true {
            let page = try await lines.page(after: cursor, limit: Self.page).map(\.element.line)
            try await ask(try await expected(page, movements), visit)
            count += page.count
            guard page.count == Self.page, let last = page.last else { return count }
            cursor = ElementID(rawValue: last.investor.rawValue)
        }
    }

    private func expected(
        _ lines: [AllotmentLine], _ movements: ExpectedMovements
    ) async throws -> [ExpectedMovement] {
        guard !lines.isEmpty else { return [] }
        let ledgers = try await surveyor.books.ledger(
            of: surveyor.sealed.offering.id, lines: lines.map(\.investor))
        try Self.check(lines.count, "lines of the ledger", ledgers.count)
        var expected: [ExpectedMovement] = []
        for (line, ledger) in zip(lines, ledgers) { expected += try movements.of(line, ledger) }
        return expected
    }

    private func ask(
        _ expected: [ExpectedMovement], _ visit: (ExpectedMovement, BookFinding) throws -> Void
    ) async throws {
        guard !expected.isEmpty else { return }
        let findings = try await surveyor.books.movements(under: expected.map(\.effect))
        try Self.check(expected.count, "movements", findings.count)
        for (expected, finding) in zip(expected, findings) { try visit(expected, finding) }
    }

    private static func check(_ asked: Int, _ what: String, _ answers: Int) throws(Halt) {
        guard asked == answers else {
            throw Halt(
                code: "books_incomplete", message: "\(asked) \(what) were asked about, and \(answers) answers came")
        }
    }

    /// Such a listing would be read for ever.
    private static func goesRound(_ party: CounterpartyName, at place: String?) -> Halt {
        Halt(
            code: "books_incomplete",
            message: "the listing of the \(party) goes on at \(place ?? "its beginning") after that very page; "
                + "have the \(party) mend it, then resume")
    }

    private func list(_ party: CounterpartyName, _ visit: (BookMovement) -> Void) async throws {
        var place: String?
        repeat {
            let page = try await surveyor.books.movements(
                of: surveyor.sealed.offering.id, at: party, after: place)
            for movement in page.movements { visit(movement) }
            guard page.next == nil || page.next != place else { throw Self.goesRound(party, at: page.next) }
            place = page.next
        } while place != nil
    }
}
