/// The name of one runner's life; a restarted process has a new one.
public struct RunnerID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name as text.
    public let rawValue: String

    /// Names a runner's life.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// The name as text.
    public var description: String { rawValue }
}

/// A runner's right to work on what it has claimed, until it expires.
public struct Lease: Sendable, Equatable {
    /// Whose it is.
    public let runner: RunnerID
    /// Rises with every lease the store has ever granted.
    public let epoch: Int64
    /// Until when, by the store's clock.
    public let expires: Timestamp

    /// Takes a lease as granted.
    public init(runner: RunnerID, epoch: Int64, expires: Timestamp) {
        self.runner = runner
        self.epoch = epoch
        self.expires = expires
    }
}

/// A request for a lease, or for more time on one.
public struct LeaseRequest: Sendable, Equatable {
    /// Who asks.
    public let runner: RunnerID
    /// How long the lease shall last from now.
    public let length: Span

    /// Asks for a lease.
    public init(runner: RunnerID, length: Span) {
        self.runner = runner
        self.length = length
    }
}
