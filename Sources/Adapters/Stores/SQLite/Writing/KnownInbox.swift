internal import SagaEngine

/// What the writer knows of the inbox without looking. Nobody else writes it, and what is rolled back is forgotten.
struct KnownInbox {
    /// The effect that a reference is expected for.
    struct Expected: Equatable {
        let saga: SagaNumber
        let stage: Int64
        let refusals: Int64
    }

    /// About how many references are kept; such a row is written once and stays as it is.
    static let limit = 4_096

    /// What references are expected for.
    var expected = RecentTable<MeetingPoint, Expected>(limit: limit)
    /// Whether there are notices that nobody expects; `nil` until somebody has looked.
    var hasOrphans: Bool?
}
