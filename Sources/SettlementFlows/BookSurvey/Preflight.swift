internal import SagaEngine

/// Shows what would fail while errors are still free.
struct Preflight {
    let surveyor: Surveyor

    /// Looks at every account a settlement will touch.
    ///
    /// - Throws: ``Halt`` that names what stands in the way.
    func check(_ summary: AllotmentSummary) async throws -> BookSurvey {
        let purpose: Surveyor.Purpose =
            switch summary.outcome {
            case .failed: .returning
            case .full, .prorated: .settling
            }
        let (survey, difficulties) = try await surveyor.survey(of: summary, for: purpose)
        guard difficulties.count == 0 else { throw Halt(code: "preflight", message: difficulties.sentence) }
        return survey
    }
}
