/// Everything an activation works with; one for each runner.
final class EngineServices: Sendable {
    let store: any SagaStore
    let writes: GroupCommit
    let registry: FlowRegistry
    private let parties: [KnownParty]
    let gate: any Gatekeeper
    let policies: EnginePolicies
    let digest: any Digest
    let entropy: any Entropy
    let events: any EventSink
    /// Whether anybody listens to events.
    private let isHeard: Bool
    let leaseMargin: Span
    private let clock: any SagaClock
    private let incarnations = Locked(Incarnation(number: 0, since: Timestamp(milliseconds: 0)))
    private let trouble = Locked<StoreError?>(nil)
    private let draining = Locked(false)
    private let ancestry = Locked<[EvidenceAddress: SagaState]>([:])

    /// How many ancestors' states are kept; all children of a stage share their parent's.
    static let ancestryLimit = 64

    init(_ ports: Runner.Ports, leaseMargin: Span, onReady: @escaping @Sendable () -> Void) {
        store = ports.store
        clock = ports.store.clock
        writes = GroupCommit(store: ports.store, events: ports.events, onReady: onReady)
        registry = ports.registry
        parties = ports.counterparties.map { KnownParty($0, policies: ports.policies) }
        precondition(Set(parties.map(\.terms.name)).count == parties.count, "a counterparty's name is its own")
        gate = ports.gate
        policies = ports.policies
        digest = ports.digest
        entropy = ports.entropy
        events = ports.events
        isHeard = !(ports.events is SilentSink)
        self.leaseMargin = leaseMargin
    }

    func now() -> Timestamp { clock.now() }

    /// A counterparty by its name. There are few, so they are looked through.
    func party(named name: CounterpartyName) -> KnownParty? {
        for party in parties where party.terms.name == name { return party }
        return nil
    }

    /// Tells of something; what to tell is put together only when somebody listens.
    func record(_ event: @autoclosure () -> EngineEvent) {
        if isHeard { events.record(event()) }
    }

    /// Whether the lease will last through a call that begins now.
    var leaseIsSafe: Bool {
        guard let lease = writes.lease else { return false }
        return now() + leaseMargin < lease.expires
    }

    var incarnation: Incarnation {
        get { incarnations.withLock { $0 } }
        set { incarnations.withLock { $0 = newValue } }
    }

    /// When everything has arrived that an earlier life of the data may have sent; `nil` for data never restored.
    var quietAfterRestore: Timestamp? {
        let life = incarnation
        guard life.mayHaveForgotten else { return nil }
        return life.since + (parties.map(\.terms.quietTime).max() ?? .zero)
    }

    /// Whether the runner is about to stop: sagas are given back at the next stage that would send.
    var isDraining: Bool {
        get { draining.withLock { $0 } }
        set { draining.withLock { $0 = newValue } }
    }

    /// Keeps a failure of the store that an activation met, for the runner to act on.
    func reportStoreTrouble(_ error: StoreError) {
        trouble.withLock { $0 = $0 ?? error }
    }

    /// The failure met since the last call, if any.
    func takeStoreTrouble() -> StoreError? {
        trouble.withLock { trouble in
            defer { trouble = nil }
            return trouble
        }
    }

    /// An ancestor's state in which the address is proved, or is about to be looked for.
    func ancestor(at address: EvidenceAddress) async throws -> SagaState {
        if let known = ancestry.withLock({ $0[address] }) { return known }
        guard let row = try await store.row(of: address.saga) else { throw EvidenceError(.notProved) }
        let found = try await SagaState.load(row, from: store, by: digest)
        ancestry.withLock { known in
            if known.count >= Self.ancestryLimit { known.removeAll() }
            known[address] = found
        }
        return found
    }
}
