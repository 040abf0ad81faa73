internal import SagaEngine

/// Looks, before an offering is called off, that nobody is paid back twice, from the money of others, or from an
/// account that has nothing.
struct CallingOff {
    let surveyor: Surveyor
    let neighbours: any OfferingNeighbours

    /// Before everybody is paid back: nothing has gone forward, what is to be given back is there, and what others
    /// claim in shared accounts is left alone.
    ///
    /// What else stands in a settlement's way holds no refund up: a line that cannot be refunded is stuck by itself.
    ///
    /// - Throws: ``CannotTurnBack`` when something has gone forward; ``Halt`` that names what is missing or not
    ///   covered; ``RivalsMove`` while all of that passes by itself.
    func check(_ summary: AllotmentSummary) async throws -> BookSurvey {
        let rivals = try await rivals()
        let (survey, difficulties) = try await surveyor.survey(of: summary, for: .callingOff, besides: rivals)
        guard difficulties.against.count == 0 else {
            throw cannot(difficulties.against, "resume goes forward and takes each of them as it is")
        }
        guard difficulties.count > 0 else { return survey }
        guard difficulties.passing < difficulties.count, try await self.rivals().standing == rivals.standing else {
            throw RivalsMove(difficulties: difficulties)
        }
        let remedy =
            difficulties.claimed + difficulties.unfunded < difficulties.count
            ? "clear it up with the party named and resume" : "have it paid in and resume"
        throw Halt(
            code: "calling_off",
            message: difficulties.words + "; \(remedy)" + (difficulties.standing == 0 ? ", or discard" : ""))
    }

    /// Before the offering ends as one that has moved nothing: nothing stands under its references.
    ///
    /// - Returns: How many lines were looked at.
    /// - Throws: ``CannotTurnBack`` when something stands.
    func proveUntouched(_ summary: AllotmentSummary) async throws -> Int {
        let standing = StandingMovements(offering: surveyor.sealed.offering, books: surveyor.books)
        var found = Sentences()
        var wentForward = false
        var count = 0
        try await surveyor.walk(summary) { lines in
            count += lines.count
            for line in try await standing.of(lines) {
                wentForward = wentForward || !line.movements(by: .settled).isEmpty
                for (_, movement) in line.movements { found.note(movement.words) }
            }
        }
        guard found.count == 0 else {
            throw cannot(
                found,
                wentForward
                    ? "resume goes forward and takes each of them as it is" : "resume, then cancel pays back the rest")
        }
        return count
    }

    private func cannot(_ found: Sentences, _ remedy: String) -> CannotTurnBack {
        CannotTurnBack(
            message: "\(surveyor.sealed.offering.id) cannot be called off so, because money has moved: "
                + found.words("movement", "movements") + "; \(remedy)")
    }

    private func rivals() async throws -> Rivals {
        try await Rivals(of: surveyor.sealed.offering, among: neighbours, books: surveyor.books)
    }
}
