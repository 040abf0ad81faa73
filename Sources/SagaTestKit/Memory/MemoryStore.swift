public import SagaEngine

/// A store in memory: the disk of a simulation, which outlives the runners that crash on it.
///
/// It does the same for the same calls, whatever the hash seed. Record handlers run under its lock and must not call
/// the store.
public final class MemoryStore: SagaStore {
    /// The clock that every moment in the store comes from.
    public let clock: any SagaClock
    private let world: Locked<MemoryWorld>

    /// Makes an empty store.
    public init(clock: any SagaClock, digest: any Digest, handlers: [any RecordHandler] = []) {
        self.clock = clock
        world = Locked(MemoryWorld(digest: digest, handlers: handlers, at: clock.now()))
    }

    /// What record handlers have written so far.
    public var books: MemoryBooks { world.withLock { $0.books } }

    /// The audit chain so far, oldest seal first.
    public var seals: [StoreSeal] { world.withLock { $0.seals } }

    /// Which life of the data this is; it changes when a backup is restored.
    public func incarnation() async throws(StoreError) -> Incarnation { world.withLock { $0.incarnation } }

    /// Writes a batch durably, each operation by itself.
    public func commit(
        _ batch: [StoreOperation], under lease: Lease?
    ) async throws(StoreError) -> [StoreResult] {
        let now = clock.now()
        return try world.withLock { (world) throws(StoreError) in try world.commit(batch, under: lease, at: now) }
    }

    /// Reads claimed sagas back, with their journals and the notices that wait for them.
    public func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] {
        world.withLock { world in claims.compactMap(world.load) }
    }

    /// The earliest moment at which a claim for these flows may find something.
    public func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        let now = clock.now()
        return world.withLock { $0.nextWake(for: flows, at: now) }
    }

    /// One saga's row, or `nil`.
    public func row(of id: SagaID) async throws(StoreError) -> SagaRow? {
        world.withLock { $0.saga(of: id)?.row }
    }

    /// A saga's journal entries after a sequence number, oldest first.
    public func journal(
        of id: SagaID, after sequence: Int, limit: Int
    ) async throws(StoreError) -> [JournalEntry] {
        world.withLock { $0.journal(of: id, after: sequence, limit: limit) }
    }

    /// Sagas that match, in order of their ids, and how many there are.
    public func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage {
        world.withLock { $0.search(query) }
    }

    /// The children of a stage after an element, in byte order of the elements.
    public func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] {
        world.withLock { $0.children(of: parent, stage: stage, after: after, limit: limit) }
    }

    /// How many sagas there are in each status from a saga downwards, and what they have at stake.
    public func census(under root: SagaID?) async throws(StoreError) -> SagaCensus {
        world.withLock { $0.census(under: root) }
    }

    /// Notices that match, newest first.
    public func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] {
        world.withLock { $0.notices(query) }
    }

    /// What says now that one of these references is settled and that nobody has put aside.
    public func settlements(
        of references: [SentReference], for saga: SagaID, limit: Int
    ) async throws(StoreError) -> [StoredNotice] {
        world.withLock { $0.settlements(of: references, for: saga, limit: limit) }
    }

    /// Operators' prints, newest first.
    public func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] {
        world.withLock { $0.prints(under: root, limit: limit, offset: offset) }
    }
}

extension MemoryWorld {
    fileprivate func commit(
        _ batch: [StoreOperation], under lease: Lease?, at now: Timestamp
    ) throws(StoreError) -> [StoreResult] {
        let beginning = savepoint
        // The right to write is looked at once: a batch is one moment.
        let current = lease.flatMap { isCurrent($0) ? $0 : nil }
        var results: [StoreResult] = []
        results.reserveCapacity(batch.count)
        for operation in batch {
            let before = savepoint
            do {
                results.append(try perform(operation, under: current, at: now))
            } catch let refused as OperationRefused {
                rollBack(to: before)
                results.append(refused.result)
            } catch let error as StoreError {
                rollBack(to: beginning)
                throw error
            } catch {
                rollBack(to: beginning)
                throw StoreError(.corrupt, "an operation failed in an unknown way: \(type(of: error))")
            }
        }
        finish(at: now)
        return results
    }

    private func perform(
        _ operation: StoreOperation, under lease: Lease?, at now: Timestamp
    ) throws -> StoreResult {
        switch operation {
        case .submit(let seed): return submit(seed, at: now)
        case .append(let append): return try self.append(append, epoch: lease?.epoch, at: now)
        case .notice(let new): return keep(new, at: now)
        case .assign(let assignment): return assign(assignment, at: now)
        case .claim(let request):
            guard let lease else { return .fenced }
            return claim(request, under: lease, at: now)
        case .lease(let request): return self.lease(request, at: now)
        case .release(let runner): return release(runner, at: now)
        case .print(let print):
            keep(print, at: now)
            return .done
        case .reincarnate:
            reincarnate(at: now)
            return .done
        }
    }
}
