/// Takes sagas that have something to do and carries them on, many at a time.
///
/// A runner holds nothing that matters: kill it at any moment, and another takes over from the store. Run it on one
/// executor (`withTaskExecutorPreference`); it starts no thread and no unstructured task.
public final class Runner: Sendable {
    /// How much a runner takes on.
    public struct Limits: Sendable, Equatable {
        /// How many sagas are in memory at a time.
        public let inFlight: Int
        /// How many are claimed in one go.
        public let claimBatch: Int
        /// How long a lease lasts without being prolonged.
        public let lease: Span
        /// How long before the lease's end nothing is sent any more.
        public let leaseMargin: Span

        /// States limits.
        public init(
            inFlight: Int = 256, claimBatch: Int = 256, lease: Span = .seconds(15), leaseMargin: Span = .seconds(5)
        ) {
            precondition(inFlight > 0 && claimBatch > 0 && leaseMargin < lease, "a runner needs room and time")
            self.inFlight = inFlight
            self.claimBatch = claimBatch
            self.lease = lease
            self.leaseMargin = leaseMargin
        }
    }

    /// Everything a runner is given.
    public struct Ports: Sendable {
        /// Where sagas live.
        public var store: any SagaStore
        /// The flows it runs.
        public var registry: FlowRegistry
        /// The parties outside.
        public var counterparties: [any Counterparty]
        /// Care for those parties.
        public var gate: any Gatekeeper
        /// Named policies.
        public var policies: EnginePolicies
        /// SHA-256.
        public var digest: any Digest
        /// Jitter.
        public var entropy: any Entropy
        /// Where events go.
        public var events: any EventSink

        /// Takes the ports.
        public init(
            store: any SagaStore, registry: FlowRegistry, counterparties: [any Counterparty],
            gate: any Gatekeeper = OpenGate(), policies: EnginePolicies = EnginePolicies(), digest: any Digest,
            entropy: any Entropy, events: any EventSink = SilentSink()
        ) {
            self.store = store
            self.registry = registry
            self.counterparties = counterparties
            self.gate = gate
            self.policies = policies
            self.digest = digest
            self.entropy = entropy
            self.events = events
        }
    }

    private struct State {
        var generation = 0
        var active = 0
        var isStopping = false
        var hasStoreTrouble = false
        /// What the trouble began with.
        var trouble: StoreError?
        /// The life of the data that it works in.
        var life: Incarnation?
        var wasFull = false
        var knowsStakes = false
        var damage: StoreError?
    }

    /// The first part of the names of this runner's leases.
    public let id: RunnerID
    let services: EngineServices
    private let limits: Limits
    private let bell = Bell()
    private let alarm = Bell()
    private let drivers = DriverPool()
    private let state = Locked(State())

    /// Makes a runner; `run` starts it.
    public init(id: RunnerID, limits: Limits = Limits(), ports: Ports) {
        self.id = id
        self.limits = limits
        let bell = self.bell
        services = EngineServices(ports, leaseMargin: limits.leaseMargin, onReady: { bell.ring() })
    }

    /// How many sagas it is working on just now.
    public var active: Int { state.withLock { $0.active } }

    /// Tells the runner that there may be something to do.
    public func wake() { bell.ring() }

    /// Lets the runner finish what it is at, give everything back, and return from `run`.
    public func stop() {
        state.withLock { $0.isStopping = true }
        services.isDraining = true
        bell.ring()
        alarm.ring()
    }

    /// Works until stopped.
    ///
    /// - Throws: ``StoreError`` when the store is damaged, so that the process must stop and recover from disk.
    public func run() async throws(StoreError) {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.services.writes.run() }
                group.addTask { await self.keepLease() }
                await self.work()
                await self.giveBack()
                self.stop()
                self.services.writes.close()
            }
        } onCancel: {
            stop()
        }
        if let damage = state.withLock({ $0.damage }) { throw damage }
    }

    // MARK: Work

    private func work() async {
        await withDiscardingTaskGroup { sagas in
            while !state.withLock({ $0.isStopping }) {
                do throws(StoreError) {
                    try await prepare()
                    if try await takeUp(&sagas) { continue }
                    try await idle()
                } catch {
                    await recover(from: error)
                }
            }
            drivers.close()
        }
    }

    /// Makes sure that there is a lease and that it is known which life of the data this is.
    private func prepare() async throws(StoreError) {
        if state.withLock({ $0.hasStoreTrouble }) {
            while active > 0, !state.withLock({ $0.isStopping }) { await bell.wait() }
            try await renewIdentity()
        }
        guard services.writes.lease == nil else { return }
        if services.gate.countsStakes, !state.withLock({ $0.knowsStakes }) {
            services.gate.recount(try await services.store.census(under: nil).exposures)
            state.withLock { $0.knowsStakes = true }
        }
        try await renewLease()
        // After the lease was granted: what was asked before may be the answer of a primary that has died since.
        let life = try await services.store.incarnation()
        let known = state.withLock { state in
            defer { state.life = life }
            return state.life
        }
        services.incarnation = life
        if let known, known != life { services.record(.reincarnated(life)) }
    }

    /// Claims what there is room for; returns whether there may be more at once.
    private func takeUp(_ sagas: inout DiscardingTaskGroup) async throws(StoreError) -> Bool {
        let room = min(limits.inFlight - active, limits.claimBatch)
        guard room > 0 else {
            state.withLock { $0.wasFull = true }
            return false
        }
        let request = ClaimRequest(limit: room, flows: services.registry.all)
        switch try await services.writes.commit(.claim(request)) {
        case .claimed(let claims) where !claims.isEmpty:
            state.withLock { $0.wasFull = claims.count == room }
            try await begin(claims, in: &sagas)
            return true
        case .claimed: return false
        case .fenced:
            // The lease ran out, so what is in memory may not be ours; prolonging it would leave that held by nobody.
            note(StoreError(.unavailable, "the lease ran out"))
            return true
        case .submitted, .exists, .appended, .stale, .busy, .violated, .noticed, .duplicate, .full, .leased, .done,
            .missing:
            throw StoreError(.misuse, "a store answers a claim with a claim")
        }
    }

    /// Loads claimed sagas and carries them on: the first ones run while the next ones are read.
    private func begin(_ claims: [Claim], in sagas: inout DiscardingTaskGroup) async throws(StoreError) {
        for first in stride(from: 0, to: claims.count, by: GroupCommit.cohort) {
            let cohort = claims[first..<min(first + GroupCommit.cohort, claims.count)]
            let loaded = try await services.store.load(Array(cohort))
            state.withLock { $0.active += loaded.count }
            for saga in loaded where !drivers.take(saga) {
                sagas.addTask { await self.driveAll(from: saga) }
            }
            // They are held under this runner's lease, so nobody would ever carry them on.
            guard loaded.count == cohort.count else {
                throw StoreError(.unavailable, "\(cohort.count - loaded.count) claimed sagas cannot be read back")
            }
        }
    }

    private func finished() {
        let mayRing = state.withLock { state -> Bool in
            state.active -= 1
            return state.wasFull || state.hasStoreTrouble || state.isStopping
        }
        if mayRing { bell.ring() }
    }

    /// Sleeps until something happens or a timer is due.
    private func idle() async throws(StoreError) {
        guard active < limits.inFlight, let moment = try await services.store.nextWake(for: services.registry.all)
        else {
            await bell.wait()
            return
        }
        // What became ready after the claim is claimed at once.
        guard moment > services.now() else { return }
        await rest(until: moment)
    }

    /// Waits for the moment, or less when the bell rings.
    private func rest(until moment: Timestamp) async {
        let bell = bell
        let clock = services.store.clock
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait() }
            group.addTask { await clock.sleep(until: moment) }
            await group.next()
            group.cancelAll()
        }
    }

    private func driveAll(from first: LoadedSaga) async {
        var next: LoadedSaga? = first
        while let saga = next {
            await drive(saga)
            finished()
            next = await drivers.next()
        }
    }

    private func drive(_ loaded: LoadedSaga) async {
        guard let flow = services.registry[loaded.row.flow] else { return }
        var current = loaded
        while true {
            do {
                let activation = try Activation(current, engine: services)
                guard await activation.turn(of: flow) else {
                    if let why = activation.unwritten { await setAside(current, why) }
                    break
                }
            } catch {
                await setAside(current, "its journal cannot be read: codec.\(error.code.rawValue)")
                break
            }
            do throws(StoreError) {
                guard let again = try await services.store.load([current.claim]).first else {
                    throw StoreError(.unavailable, "a saga in hands cannot be read back")
                }
                current = again
            } catch {
                services.reportStoreTrouble(error)
                break
            }
        }
        if let error = services.takeStoreTrouble() { note(error) }
    }

    /// A saga that cannot be read delays no other: it sleeps, in front of a person.
    private func setAside(_ saga: LoadedSaga, _ why: String) async {
        services.events.record(.unreadable(saga.row.id, why))
        let predicament = Predicament(
            cause: .failed, stage: .saga, message: "\(why); verify the audit chain", since: services.now())
        do {
            let body = try JournalEncoder().encode(predicament)
            let standing = Standing(
                status: .stuck, predicament: body, exposures: saga.row.standing.exposures,
                pivoted: saga.row.standing.pivoted)
            _ = try await services.writes.commit(
                .append(
                    Append(
                        saga: saga.row.number, right: .claim(fence: saga.claim.fence), entries: [],
                        disposition: .sleep(Wake()), standing: standing)))
        } catch {
            services.events.record(.unreadable(saga.row.id, "it cannot be set aside either"))
        }
    }

    // MARK: Lease

    private var runnerID: RunnerID {
        let generation = state.withLock { $0.generation }
        return generation == 0 ? id : RunnerID("\(id)+\(generation)")
    }

    private func renewLease() async throws(StoreError) {
        let held = services.writes.lease
        let asked = services.now()
        let name = runnerID
        let request = LeaseRequest(runner: name, length: limits.lease)
        let answer = try await services.writes.commit(.lease(request))
        if case .fenced = answer { throw StoreError(.unavailable, "the lease is of an earlier life of the data") }
        guard case .leased(let lease) = answer else {
            throw StoreError(.misuse, "a store answers a lease request with a lease")
        }
        // Answered late: this name has been given up, and with it the lease.
        guard name == runnerID else { return }
        if let held, held.epoch != lease.epoch {
            // A new lease after the old one was taken over: it must not let what is in memory pass for ours.
            throw StoreError(.unavailable, "the lease was taken over")
        }
        // The lease counts from before the store was asked, so that it never seems longer than it is.
        let counted = Lease(
            runner: lease.runner, epoch: lease.epoch, expires: min(lease.expires, asked + limits.lease))
        services.gate.work(under: counted)
        services.writes.lease = counted
        alarm.ring()
    }

    private func keepLease() async {
        while !state.withLock({ $0.isStopping }) {
            guard let lease = services.writes.lease else {
                await alarm.wait()
                continue
            }
            let clock = services.store.clock
            let due = lease.expires + Span(milliseconds: -limits.lease.milliseconds * 2 / 3)
            let alarm = alarm
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await alarm.wait() }
                group.addTask { await clock.sleep(until: due) }
                await group.next()
                group.cancelAll()
            }
            guard !state.withLock({ $0.isStopping }), services.writes.lease != nil, services.now() >= due else {
                continue
            }
            let name = runnerID
            do {
                try await renewLease()
            } catch {
                // What befell a name that has been given up says nothing about the one that the runner has now.
                guard name == runnerID else { continue }
                note(error)
                services.writes.lease = nil
            }
        }
    }

    private func giveBack() async {
        guard services.writes.lease != nil else { return }
        do {
            _ = try await services.writes.commit(.release(runnerID))
        } catch {
            note(error)
        }
    }

    // MARK: Store trouble

    /// What was in memory when the store failed is forgotten: a new name fences off whatever the old one held.
    private func renewIdentity() async throws(StoreError) {
        let old = runnerID
        services.writes.lease = nil
        _ = try await services.writes.commit(.release(old))
        let why = state.withLock { state in
            state.generation += 1
            state.hasStoreTrouble = false
            defer { state.trouble = nil }
            // An append that failed may be durable: what is at stake is known again once the store has been asked.
            state.knowsStakes = false
            return state.trouble
        }
        if let why { services.record(.startedOver(runnerID, why)) }
        // A renewal of the old one may have been answered meanwhile.
        services.writes.lease = nil
    }

    private func note(_ error: StoreError) {
        state.withLock { state in
            state.hasStoreTrouble = true
            state.trouble = state.trouble ?? error
            if error.code == .damaged || error.code == .simulated {
                state.damage = error
                state.isStopping = true
            }
        }
        bell.ring()
        alarm.ring()
    }

    private func recover(from error: StoreError) async {
        note(error)
        // Sagas that end meanwhile ring the bell, which makes the pause no shorter; being stopped does.
        let over = services.now() + Span(milliseconds: 200 + Int64(services.entropy.below(300)))
        while services.now() < over, !state.withLock({ $0.isStopping }) { await rest(until: over) }
    }
}
