internal import SagaEngine

// How a saga's row is written at the end of an append.
extension SQLiteWriter {
    /// Writes the row of a saga that its holder keeps: should the claim be lost with the process, it is ready.
    func update(_ append: Append, held saga: WritableSaga) throws {
        let update = statements.carryOn
        try bind(append, saga, to: update)
        try bind(ready: ReadyPlace.first(at: now), wake: nil, sleep: [], to: update)
        try update.run()
    }

    /// Writes the row of a saga that nobody holds from now on.
    ///
    /// An alarm that stands before the moment that is waited for is left alone, since moving it costs more than
    /// finding out once that it was set for nothing. One that is past would not be seen again.
    func update(_ append: Append, free saga: inout WritableSaga) throws {
        let latest = saga.latestDue
        let isAhead = saga.due > ReadyPlace.last(at: now) && saga.due >= desk.cursor(of: saga.flow)
        if isAhead, saga.due <= latest {
            try bind(append, saga, to: statements.carryOn)
            try bind(ready: saga.ready, wake: saga.wake, sleep: saga.sleep, to: statements.carryOn)
            try statements.carryOn.run()
            return
        }
        saga.due = latest
        try bind(append, saga, to: statements.move)
        try bind(ready: saga.ready, wake: saga.wake, sleep: saga.sleep, to: statements.move)
        try statements.move.bind(14, latest)
        try statements.move.run()
        desk.expect(saga.flow, at: latest)
    }

    /// Writes the row of a saga that has ended.
    func update(_ append: Append, _ saga: WritableSaga, output: [UInt8]) throws {
        let update = statements.end
        try bind(append, saga, to: update)
        try update.bind(11, output)
        try update.run()
    }

    /// Writes that a saga is ready, and nothing else.
    func writeReady(_ saga: inout WritableSaga) throws {
        let place = nextPlace()
        saga.makeReady(place)
        saga.due = place
        try statements.makeReady.bind(1, saga.number)
        try statements.makeReady.bind(2, place)
        try statements.makeReady.run()
        desk.expect(saga.flow, at: place)
    }

    private func bind(ready: Int64?, wake: Int64?, sleep: SleepBits, to update: SQLiteStatement) throws {
        try update.bind(11, optional: ready)
        try update.bind(12, optional: wake)
        try update.bind(13, sleep.rawValue)
    }

    private func bind(_ append: Append, _ saga: WritableSaga, to update: SQLiteStatement) throws {
        let standing = append.standing
        saga.past?.stand(standing, at: now)
        try update.bind(1, saga.number)
        try update.bind(2, standing.status.storeCode)
        if standing.exposures.isEmpty {
            try update.bindNull(3)
        } else {
            try update.bind(3, utf8: try ExposureText.write(standing.exposures))
        }
        if standing.predicament.isEmpty { try update.bindNull(4) } else { try update.bind(4, standing.predicament) }
        try update.bind(5, Int64(standing.pivoted ? 1 : 0))
        try update.bind(6, Int64(saga.sequence))
        try update.bind(7, now.milliseconds)
        if let last = append.entries.last {
            try last.link.withBytes { try update.bind(8, bytes: $0) }
        } else {
            try update.bindNull(8)
        }
        try update.bind(9, saga.openChildren)
        if !endedFamilies.isEmpty { endedFamilies[saga.number] = nil }
        try update.bind(10, Int64(saga.stirred ? 1 : 0))
    }
}

extension TableValue {
    init(_ integer: Int64?) {
        self = integer.map { .integer($0) } ?? .null
    }
}

extension SQLiteStatement {
    /// Binds an integer, or NULL for `nil`, to the parameter at `index` (from 1).
    func bind(_ index: Int32, optional value: Int64?) throws(SQLiteError) {
        if let value { try bind(index, value) } else { try bindNull(index) }
    }

    /// The column (from 0) as a 64-bit integer, or `nil` when it is NULL.
    func optionalInt64(_ column: Int32) -> Int64? {
        isNull(column) ? nil : int64(column)
    }
}
