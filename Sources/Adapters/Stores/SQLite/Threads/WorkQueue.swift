internal import Dispatch
internal import SagaEngine

/// A bounded queue in front of one thread: three classes, first come first served within each.
final class WorkQueue<Item: Sendable>: Sendable {
    /// Why an item was not taken.
    enum Refusal: Sendable {
        case full
        case closed
    }

    /// After this many items of other classes, a class that waits gets its turn.
    static var patience: Int { 8 }

    private struct State {
        var lanes = StoreJobClass.allCases.map { _ in Lane<Item>() }
        var passedOver = StoreJobClass.allCases.map { _ in 0 }
        var isClosed = false
        var consumerSleeps = false
    }

    private let limit: Int
    private let state = Locked(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Makes a queue that holds at most `limit` items of each class.
    init(limit: Int) {
        self.limit = limit
    }

    /// Adds an item at the end of its class; `nil` when it was taken.
    func add(_ item: Item, _ jobClass: StoreJobClass) -> Refusal? {
        let (refusal, wakes) = state.withLock { state -> (Refusal?, Bool) in
            if state.isClosed { return (.closed, false) }
            if state.lanes[jobClass.rawValue].count >= limit { return (.full, false) }
            state.lanes[jobClass.rawValue].append(item)
            defer { state.consumerSleeps = false }
            return (nil, state.consumerSleeps)
        }
        if wakes { wakeUp.signal() }
        return refusal
    }

    /// Takes no more items; the consumer gets what is left and then `nil`.
    func close() {
        let wakes = state.withLock { state in
            state.isClosed = true
            defer { state.consumerSleeps = false }
            return state.consumerSleeps
        }
        if wakes { wakeUp.signal() }
    }

    /// The next item, waited for; `nil` when the queue is closed and empty. For the consuming thread alone.
    func next() -> Item? {
        while true {
            let (item, isClosed) = state.withLock { state -> (Item?, Bool) in
                let item = Self.take(&state)
                state.consumerSleeps = item == nil && !state.isClosed
                return (item, state.isClosed)
            }
            if item != nil || isClosed { return item }
            wakeUp.wait()
        }
    }

    /// The next item if it is there already and `isWanted` says so; it stays where it is otherwise.
    func nextIfReady(_ isWanted: (Item) -> Bool) -> Item? {
        state.withLock { state in
            guard let lane = Self.lane(of: state), let item = state.lanes[lane].first, isWanted(item) else {
                return nil
            }
            return Self.take(&state)
        }
    }

    private static func lane(of state: State) -> Int? {
        let patient = state.lanes.indices.last { state.passedOver[$0] >= patience && state.lanes[$0].count > 0 }
        return patient ?? state.lanes.firstIndex { $0.count > 0 }
    }

    private static func take(_ state: inout State) -> Item? {
        guard let chosen = lane(of: state) else { return nil }
        for lane in state.lanes.indices {
            state.passedOver[lane] = lane == chosen || state.lanes[lane].count == 0 ? 0 : state.passedOver[lane] + 1
        }
        return state.lanes[chosen].popFirst()
    }
}

/// A first-in, first-out line of items.
struct Lane<Item> {
    private var incoming: [Item] = []
    private var outgoing: [Item] = []

    var count: Int { incoming.count + outgoing.count }

    /// The oldest item.
    var first: Item? { outgoing.last ?? incoming.first }

    mutating func append(_ item: Item) {
        incoming.append(item)
    }

    mutating func popFirst() -> Item? {
        if outgoing.isEmpty {
            outgoing = incoming.reversed()
            incoming.removeAll(keepingCapacity: true)
        }
        return outgoing.popLast()
    }
}
