public import SagaEngine

/// What a store that many runners share knows of money in flight, for those who grant room for more of it.
public protocol StakeBook: Sendable {
    /// What is at stake of an asset, in indivisible units, by everything that is committed when this begins.
    func atStake(_ asset: String, on connection: any TableConnection) throws -> Int128

    /// Whether nothing can be committed any more under the lease of this epoch; one that has run out is ended.
    ///
    /// Everything that was committed under a lease that is over is seen by what is asked afterwards.
    func isOver(_ epoch: Int64, at now: Timestamp, on connection: any TableConnection) throws -> Bool
}
