internal import SagaEngine

extension SQLiteWriter {
    /// Starts a saga, or tells that it exists.
    func submit(_ new: NewSaga) throws -> StoreResult {
        _ = try flows.intern(new.flow)
        if let number = try start(new, under: nil, origin: nil, pivoted: false) { return .submitted(number) }
        let existing = try connection.firstRow(
            "SELECT number, flow, input FROM saga WHERE id = ?", .text(new.id.rawValue)
        ) { (number: $0.int64(0), flow: $0.int64(1), input: $0.blob(2)) }
        guard let existing else { throw StoreError(.corrupt, "saga \(new.id) exists and cannot be found") }
        let isSameFlow = try flows.flow(existing.flow).name == new.flow.name
        return .exists(existing.number, same: isSameFlow && existing.input == new.input)
    }

    /// Starts the children of a stage that are not there yet, and answers how many that were.
    func spawn(_ spawn: Spawn, under parent: WritableSaga) throws -> Int64 {
        var started: Int64 = 0
        for child in spawn.children {
            let origin = SagaRow.Origin(stage: spawn.stage, element: child.element)
            if try start(child.saga, under: parent, origin: origin, pivoted: spawn.pivoted) != nil {
                started += 1
                continue
            }
            let existing = try connection.firstRow(
                "SELECT parent FROM saga WHERE id = ?", .text(child.saga.id.rawValue)
            ) { $0.optionalInt64(0) }
            guard existing == parent.number else {
                let message = "saga \(child.saga.id) exists and is no child of \(parent.id)"
                throw OperationRefused(result: .violated(RecordViolation(code: "spawn.taken", message: message)))
            }
        }
        return started
    }

    /// Inserts a saga; `nil` when its id is taken.
    private func start(
        _ new: NewSaga, under parent: WritableSaga?, origin: SagaRow.Origin?, pivoted: Bool
    ) throws -> SagaNumber? {
        let flow = try flows.intern(new.flow)
        let insert = statements.insertSaga
        try insert.bind(1, flow)
        try insert.bind(2, optional: parent?.number)
        try insert.bind(3, optional: try origin.map { try names.intern($0.stage.rawValue) })
        try insert.bind(4, now.milliseconds)
        if let origin { try insert.bind(5, origin.element.rawValue) } else { try insert.bindNull(5) }
        try insert.bind(6, new.id.rawValue)
        try insert.bind(7, new.input)
        try insert.run()
        guard connection.changes > 0 else { return nil }
        let number = connection.lastInsertedRowID
        let place = nextPlace()
        let progress = statements.insertProgress
        try progress.bind(1, number)
        try progress.bind(2, flow)
        try progress.bind(3, place)
        try progress.bind(4, Int64(pivoted ? 1 : 0))
        try progress.bind(5, now.milliseconds)
        try progress.bind(6, new.genesis.bytes)
        try progress.run()
        desk.expect(flow, at: place)
        let past = SagaPast(
            of: new, number, under: parent?.id, origin, Standing(status: .pending, pivoted: pivoted), at: now)
        known.keep(WritableSaga(starting: past, flow: flow, under: parent?.number, ready: place))
        return number
    }
}
