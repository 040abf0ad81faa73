public import SagaEngine

/// What a simulation is made of and what goes wrong in it.
public struct SimulationPlan: Sendable {
    /// Decides everything that is left to chance.
    public var seed: UInt64
    /// How many runners work on the store.
    public var runners = 1
    /// What strikes which commit, counted over all lives.
    public var persists = FaultPlan.none
    /// What strikes which call, counted over all lives.
    public var calls: @Sendable (Int) -> CallStrike = { _ in .none }
    /// At which calls the calling process is frozen, as by SIGSTOP, and for how long.
    public var freezes: @Sendable (Int) -> Span? = { _ in nil }
    /// How a runner works.
    public var limits = Runner.Limits(inFlight: 64, claimBatch: 16)
    /// The engine's policies.
    public var policies = EnginePolicies()
    /// Where the runners' events go, for whoever repeats one seed and wants to see why.
    public var events: any EventSink = SilentSink()
    /// How many jobs may run before it counts as a livelock.
    public var stepLimit = 1_500_000
    /// After how much simulated time a run that has not settled is given up.
    public var horizon = Span.hours(20)

    /// A plan in which nothing goes wrong.
    public init(seed: UInt64) {
        self.seed = seed
    }
}
