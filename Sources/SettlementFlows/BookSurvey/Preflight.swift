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
        guard difficulties.against.count == 0 else { throw turned(purpose, difficulties) }
        guard difficulties.count > 0 else { return survey }
        guard difficulties.passing < difficulties.count else { throw RivalsMove(difficulties: difficulties) }
        // One that began to move, or ended, while the accounts were looked at may be all that was in the way.
        guard try await self.rivals().standing == rivals.standing else {
            throw RivalsMove(difficulties: difficulties)
        }
        throw Halt(code: "preflight", message: difficulties.sentence)
    }

    /// What has moved by the other way, before an old copy was put back, must not move by this one as well.
    private func turned(_ purpose: Surveyor.Purpose, _ difficulties: Surveyor.Difficulties) -> Halt {
        let id = surveyor.sealed.offering.id
        let (before, remedy) =
            switch purpose {
            case .settling where difficulties.standing == 0:
                ("\(id) was called off in another life of this data", "cancel pays back the rest")
            case .settling:
                (
                    "\(id) was called off, and went forward, in other lives of this data",
                    "have the party named take these back, then resume"
                )
            case .returning, .callingOff:
                (
                    "\(id) fails by what is loaded now, and went forward in another life of this data",
                    "find out what it was sealed from then, and clear it up with the party named"
                )
            }
        return Halt(
            code: "other_way",
            message: "\(before): \(difficulties.against.words("movement", "movements")); \(remedy)")
    }

    private func rivals() async throws -> Rivals {
        try await Rivals(of: surveyor.sealed.offering, among: neighbours, books: surveyor.books)
    }
}
