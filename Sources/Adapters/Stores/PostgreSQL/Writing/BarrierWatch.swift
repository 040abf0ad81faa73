internal import SagaEngine

/// Parents whose children have ended in transactions that are durable, and that nobody has looked at since.
struct BarrierWatch {
    /// The place in the queue of each, should none of its children be left.
    private var parents: [SagaNumber: Int64] = [:]
    private var looksAtAll = false

    var isEmpty: Bool { parents.isEmpty && !looksAtAll }

    mutating func add(_ places: [SagaNumber: Int64]) {
        parents.merge(places) { _, last in last }
    }

    mutating func add(_ numbers: [SagaNumber], at place: Int64) {
        for number in numbers where parents[number] == nil { parents[number] = place }
    }

    /// Has all parents looked at: a child may have ended unseen.
    mutating func lookAtAll() { looksAtAll = true }

    /// Wakes those whose last child has ended.
    ///
    /// - Parameters:
    ///   - connection: Where no transaction is open.
    ///   - configuration: Where moments come from.
    ///   - clock: The database's clock as this process knows it.
    ///   - last: The last place that this process has given out.
    /// - Returns: The first place in the queue that any of them got; `nil` when none was woken.
    /// - Throws: ``PostgresError``; those that were to be looked at stay so.
    mutating func look(
        on connection: PostgresConnection, _ configuration: PostgresStoreConfiguration, _ clock: PostgresClock,
        last: Int64
    ) throws -> Int64? {
        var over: [Int64] = []
        if looksAtAll {
            // The leases first: what ends under one that is found here is there to be seen.
            let now = try Lifeline.moment(connection, configuration).milliseconds
            over = try connection.run(Claiming.unswept, .bigint(now)).rows.map { $0.int64(0) }
            let found = try connection.run(Claiming.sweep).rows.map { $0.int64(0) }
            add(found, at: max(last, ReadyPlace.first(at: clock.now())))
        }
        let woken = try wakeEmpty(on: connection, last)
        if !over.isEmpty { try connection.run(Claiming.swept, .numbers(over)) }
        self = BarrierWatch()
        return woken
    }

    private func wakeEmpty(on connection: PostgresConnection, _ last: Int64) throws -> Int64? {
        guard !parents.isEmpty else { return nil }
        let empty = try connection.run(Claiming.empty, .numbers(parents.keys.sorted())).rows.map { $0.int64(0) }
        guard !empty.isEmpty else { return nil }
        let places = empty.map { parents[$0] ?? last }
        let results = try connection.pipeline([
            PostgresConnection.Call(Opening.begin),
            PostgresConnection.Call(Claiming.lockParents, .numbers(empty)),
            PostgresConnection.Call(Claiming.wakeParents, .numbers(empty), .numbers(places)),
            PostgresConnection.Call(Opening.commit),
        ])
        return results[2].changed > 0 ? places.min() ?? last : nil
    }
}
