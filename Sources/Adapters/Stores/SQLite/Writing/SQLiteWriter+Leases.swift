internal import SagaEngine

// A lease that is over has no row: it was released, or somebody has taken over what it held.
extension SQLiteWriter {
    /// Whether the lease is still the runner's: neither released nor taken over.
    func isCurrent(_ lease: Lease) throws -> Bool {
        let runner = try connection.firstRow("SELECT runner FROM lease WHERE epoch = ?", .integer(lease.epoch)) {
            $0.text(0)
        }
        return runner == lease.runner.rawValue
    }

    /// Whether somebody may be working under the lease of this epoch.
    func isLive(epoch: Int64) throws -> Bool {
        let expires = try connection.firstRow("SELECT expires FROM lease WHERE epoch = ?", .integer(epoch)) {
            $0.int64(0)
        }
        return expires.map { $0 > now.milliseconds } ?? false
    }

    /// Starts or prolongs a lease.
    func lease(_ request: LeaseRequest) throws -> StoreResult {
        let expires = now + request.length
        let runner = SQLiteValue.text(request.runner.rawValue)
        let prolonged = try connection.firstRow(
            "UPDATE lease SET expires = ? WHERE runner = ? RETURNING epoch", .integer(expires.milliseconds), runner
        ) { $0.int64(0) }
        if let prolonged { return .leased(Lease(runner: request.runner, epoch: prolonged, expires: expires)) }
        let epoch = try connection.firstRow(
            "UPDATE meta SET value = value + 1 WHERE key = 'epoch' RETURNING value"
        ) { $0.int64(0) }
        guard let epoch else { throw StoreError(.corrupt, "the database has lost count of its leases") }
        try connection.run(
            "INSERT INTO lease VALUES(?, ?, ?)", .integer(epoch), runner, .integer(expires.milliseconds))
        return .leased(Lease(runner: request.runner, epoch: epoch, expires: expires))
    }

    /// Gives up a runner's lease and everything held under it.
    func release(_ runner: RunnerID) throws -> StoreResult {
        let epoch = try connection.firstRow("SELECT epoch FROM lease WHERE runner = ?", .text(runner.rawValue)) {
            $0.int64(0)
        }
        if let epoch { try end(epoch: epoch) }
        return .done
    }

    /// Takes the sagas that have been ready longest.
    func claim(_ request: ClaimRequest, under lease: Lease?) throws -> StoreResult {
        guard let lease, try isLive(epoch: lease.epoch) else { return .fenced }
        try takeOver()
        guard request.limit > 0 else { return .claimed([]) }
        var candidates: [(moment: Timestamp, order: Int64, number: SagaNumber)] = []
        for flow in Set(try request.flows.compactMap(flows.number)).sorted() {
            try each(statements.oldestReady, flow, nil, request.limit) { number, place in
                candidates.append((ReadyPlace.moment(of: place), place, number))
            }
            try each(statements.oldestWake, flow, now, request.limit) { number, moment in
                candidates.append((Timestamp(milliseconds: moment), number, number))
            }
        }
        candidates.sort { ($0.moment, $0.order, $0.number) < ($1.moment, $1.order, $1.number) }
        return .claimed(try candidates.prefix(request.limit).map { try take($0.number, under: lease.epoch) })
    }

    private func each(
        _ find: SQLiteStatement, _ flow: Int64, _ until: Timestamp?, _ limit: Int, _ body: (SagaNumber, Int64) -> Void
    ) throws {
        var index: Int32 = 1
        try find.bind(index, flow)
        if let until {
            index += 1
            try find.bind(index, until.milliseconds)
        }
        try find.bind(index + 1, Int64(limit))
        defer { find.reset() }
        while try find.step() { body(find.int64(0), find.int64(1)) }
    }

    private func take(_ number: SagaNumber, under epoch: Int64) throws -> Claim {
        guard var saga = try saga(number) else {
            throw StoreError(.corrupt, "saga \(number) is queued and does not exist")
        }
        saga.take(under: epoch)
        let claim = statements.claim
        try claim.bind(1, number)
        try claim.bind(2, epoch)
        try claim.bind(3, saga.fence)
        try claim.bind(4, saga.status.storeCode)
        try claim.bind(5, now.milliseconds)
        try claim.run()
        known.keep(saga)
        return Claim(number: number, fence: saga.fence)
    }

    /// Ends every lease that has expired while sagas are held under it.
    private func takeOver() throws {
        var expired: [Int64] = []
        try connection.forEachRow(
            """
            SELECT epoch FROM lease WHERE expires <= ?
                AND EXISTS (SELECT 1 FROM saga WHERE holder = epoch) ORDER BY epoch
            """, .integer(now.milliseconds)
        ) { expired.append($0.int64(0)) }
        for epoch in expired { try end(epoch: epoch) }
    }

    private func end(epoch: Int64) throws {
        var held: [Int64] = []
        try connection.forEachRow("SELECT number FROM saga WHERE holder = ? ORDER BY number", .integer(epoch)) {
            held.append($0.int64(0))
        }
        for number in held {
            try connection.run(
                "UPDATE saga SET holder = NULL, ready = ?, wake = NULL, sleep = 0 WHERE number = ?",
                .integer(nextPlace()), .integer(number))
            known.forget(number)
        }
        try connection.run("DELETE FROM lease WHERE epoch = ?", .integer(epoch))
    }
}
