internal import SagaEngine

// How a saga's row is written at the end of an append.
extension SQLiteWriter {
    /// Writes the row of a saga that goes on; one that its holder keeps leaves the queues' indexes alone.
    func update(_ append: Append, _ saga: inout WritableSaga, letsGo: Bool) throws {
        if letsGo { saga.holder = nil }
        let update = letsGo ? statements.letGo : statements.carryOn
        try bind(append, saga, to: update)
        if letsGo {
            try update.bind(11, saga.fence)
            try update.bind(12, optional: saga.ready)
            try update.bind(13, optional: saga.wake)
            try update.bind(14, saga.sleep.rawValue)
        }
        try update.run()
    }

    /// Writes the row of a saga that has ended.
    func update(_ append: Append, _ saga: WritableSaga, output: [UInt8]) throws {
        let update = statements.end
        try bind(append, saga, to: update)
        try update.bind(11, saga.fence)
        try update.bind(12, output)
        try update.run()
    }

    private func bind(_ append: Append, _ saga: WritableSaga, to update: SQLiteStatement) throws {
        let standing = append.standing
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
        try update.bind(10, Int64(saga.stirred ? 1 : 0))
    }
}

extension SQLiteValue {
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
