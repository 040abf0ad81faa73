internal import SagaEngine

/// Shows what would fail while errors are still free.
struct Preflight {
    let surveyor: Surveyor
    let neighbours: any OfferingNeighbours

    /// Looks at every account a settlement will touch.
    ///
    /// - Throws: ``Halt`` that names what stands in the way; ``RivalsMove`` while all of it passes by itself.
    func check(_ summary: AllotmentSummary) async throws -> BookSurvey {
        let purpose: Surveyor.Purpose =
            switch summary.outcome {
            case .failed: .returning
            case .full, .prorated: .settling
            }
        let rivals = try await rivals()
        let (survey, difficulties) = try await surveyor.survey(of: summary, for: purpose, besides: rivals)
        guard difficulties.count > 0 else { return survey }
        guard difficulties.passing < difficulties.count else { throw RivalsMove(difficulties: difficulties) }
        // One that began to move, or ended, while the accounts were looked at may be all that was in the way.
        guard try await self.rivals().standing == rivals.standing else {
            throw RivalsMove(difficulties: difficulties)
        }
        throw Halt(code: "preflight", message: difficulties.sentence)
    }

    private func rivals() async throws -> Rivals {
        try await Rivals(of: surveyor.sealed.offering, among: neighbours, books: surveyor.books)
    }
}
