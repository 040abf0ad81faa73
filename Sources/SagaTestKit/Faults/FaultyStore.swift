public import SagaEngine

/// A store as one life of a process sees it, with faults where a plan puts them.
///
/// A crash kills this object: every later call throws ``StoreError/Code/simulated``, because a dead process can do
/// nothing. The store beneath lives on; the next life wraps it anew with the same ``FaultTally``.
public final class FaultyStore: SagaStore {
    /// The store beneath, which outlives this life.
    public let base: any SagaStore
    private let plan: FaultPlan
    private let life = Locked(true)
    private let before: @Sendable () async -> Void
    private let after: @Sendable ([StoreOperation]) -> Void

    /// Counts the persist points and what struck there.
    public let tally: FaultTally

    /// Wraps a store for one life.
    ///
    /// - Parameters:
    ///   - base: The store that outlives this life.
    ///   - plan: What strikes which commit.
    ///   - tally: Counts over all lives.
    ///   - before: Awaited before each commit: a frozen process hangs here.
    ///   - after: Called once a batch is durable, whoever learns of it.
    public init(
        _ base: any SagaStore, plan: FaultPlan, tally: FaultTally = FaultTally(),
        before: @escaping @Sendable () async -> Void = {},
        after: @escaping @Sendable ([StoreOperation]) -> Void = { _ in }
    ) {
        self.before = before
        self.after = after
        self.base = base
        self.plan = plan
        self.tally = tally
    }

    /// Whether this life has ended in a crash.
    public var isDead: Bool { life.withLock { !$0 } }

    /// Ends this life between two commits, as a kill would.
    public func kill() { life.withLock { $0 = false } }

    /// The store's clock.
    public var clock: any SagaClock { base.clock }

    /// Writes a batch, unless the plan has something else in mind.
    public func commit(
        _ batch: [StoreOperation], under lease: Lease?
    ) async throws(StoreError) -> [StoreResult] {
        try checkAlive()
        await before()
        try checkAlive()
        let fault = tally.nextFault(by: plan, at: batch)
        switch fault {
        case .none:
            let results = try await base.commit(batch, under: lease)
            after(batch)
            // A kill during the commit leaves nobody to read the answer.
            try checkAlive()
            return results
        case .crashBefore:
            kill()
            throw Self.crash
        case .crashAfter:
            // Dead from here on: what else this life has in flight must not slip through while the write goes on.
            kill()
            _ = try await base.commit(batch, under: lease)
            after(batch)
            throw Self.crash
        case .errorAfterApplying:
            _ = try await base.commit(batch, under: lease)
            after(batch)
            throw StoreError(.unavailable, "simulated: the answer to a commit was lost")
        case .unavailable:
            throw StoreError(.unavailable, "simulated: the store was away")
        }
    }

    /// Which life of the data this is.
    public func incarnation() async throws(StoreError) -> Incarnation {
        try checkAlive()
        return try await base.incarnation()
    }

    /// Reads claimed sagas back.
    public func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] {
        try checkAlive()
        return try await base.load(claims)
    }

    /// The earliest moment at which a claim for these flows may find something.
    public func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        try checkAlive()
        return try await base.nextWake(for: flows)
    }

    private static var crash: StoreError { StoreError(.simulated, "the process has crashed") }

    private func checkAlive() throws(StoreError) {
        if isDead { throw Self.crash }
    }
}

extension FaultyStore {
    /// One saga's row, or `nil`.
    public func row(of id: SagaID) async throws(StoreError) -> SagaRow? {
        try checkAlive()
        return try await base.row(of: id)
    }

    /// A saga's journal entries after a sequence number, oldest first.
    public func journal(
        of id: SagaID, after sequence: Int, limit: Int
    ) async throws(StoreError) -> [JournalEntry] {
        try checkAlive()
        return try await base.journal(of: id, after: sequence, limit: limit)
    }

    /// Sagas that match, in order of their ids, and how many there are.
    public func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage {
        try checkAlive()
        return try await base.search(query)
    }

    /// The children of a stage after an element, in byte order of the elements.
    public func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] {
        try checkAlive()
        return try await base.children(of: parent, stage: stage, after: after, limit: limit)
    }

    /// How many sagas there are in each status from a saga downwards, and what they have at stake.
    public func census(under root: SagaID?) async throws(StoreError) -> SagaCensus {
        try checkAlive()
        return try await base.census(under: root)
    }

    /// Notices that match, newest first.
    public func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] {
        try checkAlive()
        return try await base.notices(query)
    }

    /// What says now that one of these references is settled and that nobody has put aside.
    public func settlements(
        of references: [SentReference], for saga: SagaID, limit: Int
    ) async throws(StoreError) -> [StoredNotice] {
        try checkAlive()
        return try await base.settlements(of: references, for: saga, limit: limit)
    }

    /// Operators' prints, newest first.
    public func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] {
        try checkAlive()
        return try await base.prints(under: root, limit: limit, offset: offset)
    }
}
