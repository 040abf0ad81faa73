/// How a saga's descendants stand.
public struct SagaCensus: Sendable, Equatable {
    /// How many there are in each status.
    public let counts: [SagaStatus: Int]
    /// Everything at stake, per asset, ordered by asset.
    public let exposures: [Exposure]

    /// Puts a census together.
    public init(counts: [SagaStatus: Int], exposures: [Exposure]) {
        self.counts = counts
        self.exposures = exposures
    }
}
