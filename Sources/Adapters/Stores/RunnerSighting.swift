public import SagaEngine

/// A process that works on a store, as the others see it.
public struct RunnerSighting: Sendable, Equatable {
    /// After how long without a sign of life a process counts as gone.
    public static let silence = Span.seconds(10)

    /// Who it is.
    public let identity: RunnerIdentity
    /// Since when it has had its connection.
    public let started: Timestamp
    /// When it was last seen to be alive.
    public let seen: Timestamp
    /// How long ago that was, by the store's clock.
    public let silent: Span
    /// How many leases it has.
    public let leases: Int
    /// How many sagas it holds.
    public let held: Int
    /// When its last lease ends, unless it is prolonged.
    public let leasedUntil: Timestamp?

    /// Whether it has given a sign of life a short while ago.
    public var isAlive: Bool { silent <= Self.silence }

    /// Describes a process that was seen.
    public init(
        identity: RunnerIdentity, started: Timestamp, seen: Timestamp, silent: Span, leases: Int, held: Int,
        leasedUntil: Timestamp?
    ) {
        self.identity = identity
        self.started = started
        self.seen = seen
        self.silent = silent
        self.leases = leases
        self.held = held
        self.leasedUntil = leasedUntil
    }
}
