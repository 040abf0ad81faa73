internal import SagaEngine

/// Who holds which saga, and which sagas a notice has woken: what the store knows of claims, in memory alone.
///
/// Whoever has the file is alone with it (``StoreLock``), so nobody holds anything once its process has ended: a claim
/// needs no row, and is void when the store is opened again (ADR 9). The writer changes it within its transactions and
/// takes back what it changed when one is rolled back; the reader looks.
final class ClaimDesk: Sendable {
    /// A saga in somebody's hands.
    struct Hold: Equatable {
        let epoch: Int64
        let fence: Int64
        let flow: Int64
    }

    /// A saga that somebody has to look at, though its row may say that it sleeps.
    struct Woken {
        let number: SagaNumber
        let place: Int64
    }

    fileprivate struct Queue {
        /// In the order of waking; those that are no longer in `places` with this place are gone.
        var line: [Woken] = []
        var first = 0
    }

    fileprivate enum Change {
        case fence(was: Int64?)
        case hold(SagaNumber, was: Hold?)
        case woken(SagaNumber, was: Int64?)
    }

    fileprivate struct State {
        var holds: [SagaNumber: Hold] = [:]
        /// How much each lease holds.
        var held: [Int64: Int] = [:]
        var places: [SagaNumber: Int64] = [:]
        var queues: [Int64: Queue] = [:]
        /// By flow: what is due before this is held by somebody.
        var cursors: [Int64: Int64] = [:]
        var lastFence: Int64?
        var changes: [Change] = []
    }

    private let wokenLimit: Int
    private let state = Locked(State())

    /// Makes a desk where at most so many sagas wait after a notice; the rows of more have to say that they are ready.
    init(wokenLimit: Int) {
        self.wokenLimit = wokenLimit
    }

    // MARK: Holding

    /// Who holds a saga.
    func hold(of number: SagaNumber) -> Hold? {
        state.withLock { $0.holds[number] }
    }

    /// Whether nobody holds a saga and none has woken it, so that its row says all about it.
    func isAbsent(_ number: SagaNumber) -> Bool {
        state.withLock { $0.holds[number] == nil && $0.places[number] == nil }
    }

    /// Whether a claim is still good.
    func isGood(_ claim: Claim) -> Bool {
        state.withLock { $0.holds[claim.number]?.fence == claim.fence }
    }

    /// The leases under which anything is held.
    var epochs: Set<Int64> {
        state.withLock { Set($0.held.keys) }
    }

    /// Gives a saga to a lease; `opening` is asked once for the number of this opening of the store, from which on
    /// fences rise.
    func take(
        _ number: SagaNumber, of flow: Int64, under epoch: Int64, opening: () throws -> Int64
    ) throws -> Claim {
        if state.withLock({ $0.lastFence }) == nil {
            let first = try opening() << 32
            state.withLock { state in
                state.changes.append(.fence(was: nil))
                state.lastFence = first
            }
        }
        return state.withLock { state in
            let fence = (state.lastFence ?? 0) + 1
            state.changes.append(.fence(was: state.lastFence))
            state.lastFence = fence
            state.change(number, to: Hold(epoch: epoch, fence: fence, flow: flow))
            state.unwake(number)
            return Claim(number: number, fence: fence)
        }
    }

    /// Notes that nobody holds a saga any more, and whether it sleeps or has ended.
    func letGo(_ number: SagaNumber, isAtRest: Bool) {
        state.withLock { state in
            if state.holds[number] != nil { state.change(number, to: nil) }
            if isAtRest { state.unwake(number) }
        }
    }

    /// Takes everything held under a lease away from it and lets it be claimed; answers which sagas.
    func end(_ epoch: Int64, nextPlace: () -> Int64) -> [SagaNumber] {
        state.withLock { state in
            let held = state.holds.filter { $0.value.epoch == epoch }.sorted { $0.key < $1.key }
            for (number, hold) in held {
                state.change(number, to: nil)
                state.wake(Woken(number: number, place: nextPlace()), in: hold.flow)
            }
            return held.map(\.key)
        }
    }

    // MARK: Waking

    /// Lets a saga be claimed; `false` when so many wait here that its row must say it.
    func wake(_ number: SagaNumber, of flow: Int64, place: () -> Int64) -> Bool {
        state.withLock { state in
            if state.places[number] != nil { return true }
            guard state.places.count < wokenLimit else { return false }
            state.wake(Woken(number: number, place: place()), in: flow)
            return true
        }
    }

    /// The sagas of a flow that wait here longest.
    func woken(of flow: Int64, limit: Int) -> [Woken] {
        state.withLock { state in
            guard let queue = state.queues[flow] else { return [] }
            var found: [Woken] = []
            for woken in queue.line[queue.first...] where state.places[woken.number] == woken.place {
                guard found.count < limit else { break }
                found.append(woken)
            }
            return found
        }
    }

    /// Whether anything of a flow waits here.
    func hasWoken(of flow: Int64) -> Bool {
        !woken(of: flow, limit: 1).isEmpty
    }

    /// How long a flow's line is, with those that have left it.
    func lineLength(of flow: Int64) -> Int {
        state.withLock { $0.queues[flow]?.line.count ?? 0 }
    }

    // MARK: Cursors

    /// From where on rows of a flow that are due may be free.
    func cursor(of flow: Int64) -> Int64 {
        state.withLock { $0.cursors[flow] ?? .min }
    }

    /// Notes that everything of a flow that is due before a place is held.
    func advance(_ flow: Int64, to due: Int64) {
        state.withLock { $0.cursors[flow] = due }
    }

    /// Notes that something of a flow is due at a place.
    func expect(_ flow: Int64, at due: Int64) {
        state.withLock { state in
            if let cursor = state.cursors[flow], due < cursor { state.cursors[flow] = due }
        }
    }

    /// Forgets what is held: everything that is due is looked at again.
    func forgetCursors() {
        state.withLock { $0.cursors = [:] }
    }

    // MARK: Transactions

    /// What was changed since the last time is durable.
    func settle() {
        state.withLock { state in
            guard !state.changes.isEmpty else { return }
            state.changes.removeAll(keepingCapacity: true)
            state.compact()
        }
    }

    /// Takes back what was changed since: the transaction has not happened.
    func rewind() {
        state.withLock { state in
            for change in state.changes.reversed() {
                switch change {
                case .fence(let was): state.lastFence = was
                case .hold(let number, let was): state.set(number, to: was)
                case .woken(let number, let was): state.places[number] = was
                }
            }
            state.changes.removeAll(keepingCapacity: true)
            // Rows that were dealt with on the way, such as alarms set anew, are as they were.
            state.cursors = [:]
            state.compact()
        }
    }
}

extension ClaimDesk.State {
    fileprivate mutating func change(_ number: SagaNumber, to hold: ClaimDesk.Hold?) {
        changes.append(.hold(number, was: holds[number]))
        set(number, to: hold)
    }

    fileprivate mutating func set(_ number: SagaNumber, to hold: ClaimDesk.Hold?) {
        if let epoch = holds[number]?.epoch {
            let left = held[epoch, default: 0] - 1
            held[epoch] = left > 0 ? left : nil
        }
        holds[number] = hold
        if let epoch = hold?.epoch { held[epoch, default: 0] += 1 }
    }

    fileprivate mutating func wake(_ woken: ClaimDesk.Woken, in flow: Int64) {
        changes.append(.woken(woken.number, was: places[woken.number]))
        places[woken.number] = woken.place
        queues[flow, default: ClaimDesk.Queue()].line.append(woken)
    }

    fileprivate mutating func unwake(_ number: SagaNumber) {
        guard let place = places.removeValue(forKey: number) else { return }
        changes.append(.woken(number, was: place))
    }

    /// Drops both ends of the lines that are gone for good, and their memory once that is most of it.
    fileprivate mutating func compact() {
        for flow in Array(queues.keys) { compact(flow) }
    }

    private mutating func compact(_ flow: Int64) {
        guard var queue = queues[flow] else { return }
        queues[flow] = nil
        while queue.first < queue.line.count, isGone(queue.line[queue.first]) { queue.first += 1 }
        while queue.first < queue.line.count, let last = queue.line.last, isGone(last) { queue.line.removeLast() }
        if queue.first > 1_024, queue.first > queue.line.count / 2 {
            queue.line.removeFirst(queue.first)
            queue.first = 0
        }
        queues[flow] = queue
    }

    private func isGone(_ woken: ClaimDesk.Woken) -> Bool {
        places[woken.number] != woken.place
    }
}
