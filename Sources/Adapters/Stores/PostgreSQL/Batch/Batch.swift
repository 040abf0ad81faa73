internal import SagaEngine

/// Decides what becomes of a batch's operations, from facts alone: it reads nothing and writes nothing.
///
/// Each operation is looked at whole before anything of it counts, so one that is refused leaves nothing to be undone.
/// Where a fact is missing the batch says so in ``needs`` and is decided anew, from the beginning, once it is there. An
/// operation sees what the ones before it have changed.
final class Batch {
    let facts: BatchFacts
    let handlers: [String: any RecordHandler]
    let now: Timestamp
    /// How far apart the children of one append stand in the queue.
    let childSpacing: Span
    private let names: [ByteText: Int64]
    private let flows: [FlowID: Int64]

    var needs = BatchNeeds()
    var changes = BatchChanges()
    /// The sagas that were looked at or changed.
    var sagas: [SagaNumber: BatchSaga] = [:]
    var startedHere: [SagaID: SagaNumber] = [:]
    var bodiesHere: [NoticeIdentity: [BatchFacts.Body]] = [:]
    var boundHere: [Int64: BatchFacts.KnownNotice] = [:]
    /// The numbers of notices that became sagas' own by what they expect.
    var adoptedHere: [SagaNumber: [Int64]] = [:]
    /// What sagas have ended with.
    var outputs: [SagaNumber: [UInt8]] = [:]
    private var expectedHere: [MeetingPoint: BatchFacts.Expected] = [:]
    private var leasesHere: [ByteText: BatchFacts.KnownLease] = [:]
    private var lastPlace: Int64
    private var nextEntryPlace: Int64 = 0
    private var usedNumbers = 0
    private var usedEpochs = 0

    /// Begins with the facts that are known.
    ///
    /// - Parameters:
    ///   - facts: What was read.
    ///   - now: The batch's moment.
    ///   - handlers: What understands records, by their kind.
    ///   - childSpacing: How far apart the children of one append stand in the queue.
    ///   - lastPlace: The last place given out in the queue of sagas that are ready.
    ///   - names: The numbers of the names that are known.
    ///   - flows: The numbers of the flows that are known.
    init(
        _ facts: BatchFacts, at now: Timestamp, handlers: [String: any RecordHandler], childSpacing: Span,
        lastPlace: Int64, names: [ByteText: Int64], flows: [FlowID: Int64]
    ) {
        self.facts = facts
        self.now = now
        self.handlers = handlers
        self.childSpacing = childSpacing
        self.lastPlace = lastPlace
        self.names = names
        self.flows = flows
    }

    /// The last place given out in the queue.
    var lastReadyPlace: Int64 { lastPlace }
    /// How many of the numbers at hand were given out.
    var usedSagaNumbers: Int { usedNumbers }
    var usedEpochNumbers: Int { usedEpochs }

    /// Whether a notice is kept that no stage waits for.
    var leavesOrphans: Bool {
        changes.keepings.contains { $0.standing == .orphan } || changes.releases.contains { $0.standing == .orphan }
            || changes.bindings.values.contains { $0.standing == .orphan }
    }

    /// Whether anything can be claimed now that could not be claimed before.
    var wakesSagas: Bool {
        !changes.endedLeases.isEmpty
            || sagas.values.contains { $0.ready != nil && ($0.change > .none || $0.sequence == 0) }
    }

    /// The results of all requests' operations; what they need is in ``needs`` when that is not empty.
    ///
    /// The number of a notice that this batch keeps is not known before it is written: it stands as minus one minus its
    /// place in ``BatchChanges/keepings``. Claims have no result yet.
    func decide(_ requests: [CommitRequest]) throws -> [[StoreResult]] {
        var results: [[StoreResult]] = []
        results.reserveCapacity(requests.count)
        for (index, request) in requests.enumerated() { results.append(try decide(request, at: index)) }
        return results
    }

    private func decide(_ request: CommitRequest, at index: Int) throws -> [StoreResult] {
        var results: [StoreResult] = []
        results.reserveCapacity(request.batch.count)
        // The right to write is looked at once: a batch is one moment.
        let lease = try attempt { try request.lease.flatMap(current) } ?? nil
        for (place, operation) in request.batch.enumerated() {
            if case .lease(let wanted) = operation, wanted.runner == request.outlived?.runner {
                results.append(.fenced)
                continue
            }
            let result = try attempt { try perform(operation, under: lease, request: index, operation: place) }
            results.append(result ?? .done)
        }
        return results
    }

    /// Tries what may turn out to depend on a fact that is missing; `nil` then.
    private func attempt<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch is FactMissing {
            return nil
        } catch let refused as OperationRefused {
            return refused.result as? Value
        }
    }

    private func perform(
        _ operation: StoreOperation, under lease: BatchFacts.KnownLease?, request: Int, operation place: Int
    ) throws -> StoreResult {
        switch operation {
        case .submit(let saga): return try submit(saga)
        case .append(let append): return try self.append(append, epoch: lease?.epoch)
        case .notice(let new): return try keep(new)
        case .assign(let assignment): return try assign(assignment)
        case .claim(let claim):
            guard let lease, try isLive(epoch: lease.epoch) else { return .fenced }
            changes.claims.append(
                BatchChanges.Claiming(request: request, operation: place, claim: claim, epoch: lease.epoch))
            return .claimed([])
        case .lease(let request): return try self.lease(request)
        case .release(let runner): return try release(runner)
        case .print(let print):
            keep(print)
            return .done
        case .reincarnate(let reason):
            changes.lives.append(reason)
            return .done
        }
    }

    /// Keeps a print of what an operator did or was refused.
    func keep(_ print: OperatorPrint) {
        changes.prints.append(BatchChanges.Print(place: takeEntryPlace(), print: print))
    }

    // MARK: - Facts

    /// A saga as it stands now.
    func saga(_ number: SagaNumber) throws(FactMissing) -> BatchSaga? {
        if let saga = sagas[number] { return saga }
        guard let known = facts.sagas[number] else {
            needs.sagas.insert(number)
            throw FactMissing()
        }
        return known
    }

    func number(of name: String) throws(FactMissing) -> Int64 {
        if let number = names[ByteText(name)] { return number }
        needs.names.insert(ByteText(name))
        throw FactMissing()
    }

    /// The stage with a number.
    func name(of number: Int64) throws(StoreError) -> StageName {
        guard let name = names.first(where: { $0.value == number })?.key else {
            throw StoreError(.corrupt, "a row refers to name \(number), which does not exist")
        }
        return StageName(rawValue: name.rawValue)
    }

    /// The number of a flow; all flows of a batch are given numbers before it begins.
    func number(of flow: FlowID) throws(StoreError) -> Int64 {
        guard let number = flows[flow] else { throw StoreError(.corrupt, "the flow \(flow) has no number") }
        return number
    }

    /// The number of the saga that was started under an id.
    func number(of id: SagaID) throws(FactMissing) -> SagaNumber? {
        if let number = startedHere[id] { return number }
        return try started(id)?.number
    }

    /// The saga that was started under an id before this batch.
    func started(_ id: SagaID) throws(FactMissing) -> BatchFacts.Started? {
        guard let known = facts.started[id] else {
            needs.started.insert(id)
            throw FactMissing()
        }
        return known
    }

    /// What a reference is expected for.
    func expected(at point: MeetingPoint) throws(FactMissing) -> BatchFacts.Expected? {
        if let here = expectedHere[point] { return here }
        guard let known = facts.expected[point] else {
            needs.points.insert(point)
            throw FactMissing()
        }
        return known
    }

    func expect(_ expected: BatchFacts.Expected, at point: MeetingPoint) {
        expectedHere[point] = expected
        changes.expectations.append((point, expected))
    }

    /// How many children of a saga have not ended.
    func openChildren(of saga: BatchSaga) throws(FactMissing) -> Int64 {
        guard saga.spawned > 0 else { return 0 }
        // One that began in this batch has no children that ended before it.
        let before = startedHere[saga.id] == nil ? facts.ended[saga.number] : 0
        guard let before else {
            needs.ended.insert(saga.number)
            throw FactMissing()
        }
        return saga.spawned - before - changes.childEnds[saga.number, default: 0]
    }

    /// A number for a saga that is started.
    func takeSagaNumbers(_ count: Int) throws(FactMissing) -> ArraySlice<SagaNumber> {
        let end = usedNumbers + count
        guard end <= facts.sagaNumbers.count else {
            needs.sagaNumbers = max(needs.sagaNumbers, end - facts.sagaNumbers.count)
            usedNumbers = end
            throw FactMissing()
        }
        defer { usedNumbers = end }
        return facts.sagaNumbers[usedNumbers..<end]
    }

    func takeEntryPlace() -> Int64 {
        defer { nextEntryPlace += 1 }
        return nextEntryPlace
    }

    /// The next place in the queue of ready sagas: by the clock, and among those of one millisecond in turn.
    func nextPlace() -> Int64 {
        let place = ReadyPlace.first(at: now)
        lastPlace = ReadyPlace.moment(of: lastPlace) == now ? lastPlace + 1 : place
        return lastPlace
    }

    // MARK: - Leases

    /// The lease, if it is still the runner's: neither released nor taken over.
    private func current(_ lease: Lease) throws(FactMissing) -> BatchFacts.KnownLease? {
        let known = try self.lease(of: lease.epoch)
        return known?.runner.isSameBytes(as: lease.runner.rawValue) == true ? known : nil
    }

    private func lease(of epoch: Int64) throws(FactMissing) -> BatchFacts.KnownLease? {
        if changes.endedLeases[epoch] != nil { return nil }
        if let here = leasesHere.values.first(where: { $0.epoch == epoch }) { return here }
        guard let known = facts.leases[epoch] else {
            needs.leases.insert(epoch)
            throw FactMissing()
        }
        return known
    }

    /// Whether somebody may be working under the lease of this epoch.
    func isLive(epoch: Int64) throws(FactMissing) -> Bool {
        try lease(of: epoch).map { $0.expires > now } ?? false
    }

    /// Starts or prolongs a lease.
    private func lease(_ request: LeaseRequest) throws(FactMissing) -> StoreResult {
        let expires = now + request.length
        let runner = ByteText(request.runner.rawValue)
        if var known = try lease(of: runner) {
            known.expires = expires
            leasesHere[runner] = known
            if let index = changes.grants.firstIndex(where: { $0.epoch == known.epoch }) {
                changes.grants[index].expires = expires
            } else {
                changes.renewals[known.epoch] = expires
            }
            return .leased(Lease(runner: request.runner, epoch: known.epoch, expires: expires))
        }
        guard usedEpochs < facts.epochs.count else {
            usedEpochs += 1
            needs.epochs = max(needs.epochs, usedEpochs - facts.epochs.count)
            throw FactMissing()
        }
        let epoch = facts.epochs[usedEpochs]
        usedEpochs += 1
        let granted = BatchFacts.KnownLease(epoch: epoch, runner: runner.rawValue, expires: expires)
        leasesHere[runner] = granted
        changes.grants.append(granted)
        return .leased(Lease(runner: request.runner, epoch: epoch, expires: expires))
    }

    private func lease(of runner: ByteText) throws(FactMissing) -> BatchFacts.KnownLease? {
        if let here = leasesHere[runner] { return changes.endedLeases[here.epoch] == nil ? here : nil }
        guard let known = facts.leasesOfRunners[runner] else {
            needs.runners.insert(runner)
            throw FactMissing()
        }
        guard let known, changes.endedLeases[known.epoch] == nil else { return nil }
        return known
    }

    /// Gives up a runner's lease and everything held under it.
    private func release(_ runner: RunnerID) throws(FactMissing) -> StoreResult {
        if let known = try lease(of: ByteText(runner.rawValue)) {
            changes.endedLeases[known.epoch] = nextPlace()
            changes.grants.removeAll { $0.epoch == known.epoch }
            changes.renewals[known.epoch] = nil
        }
        return .done
    }
}
