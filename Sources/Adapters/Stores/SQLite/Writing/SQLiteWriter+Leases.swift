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
        let runner = TableValue.text(request.runner.rawValue)
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

    // MARK: Claiming

    /// A saga that may be claimed, in the order of the queue.
    private struct Candidate {
        let moment: Timestamp
        let order: Int64
        let number: SagaNumber
        /// Its place among what is due, when its row says so.
        let due: Int64?

        var key: (Timestamp, Int64, SagaNumber) { (moment, order, number) }
    }

    /// Takes the sagas that have been ready longest.
    func claim(_ request: ClaimRequest, under lease: Lease?) throws -> StoreResult {
        guard let lease, try isLive(epoch: lease.epoch) else { return .fenced }
        try takeOver()
        guard request.limit > 0 else { return .claimed([]) }
        let flows = Set(try request.flows.compactMap(flows.number)).sorted()
        var candidates: [(flow: Int64, Candidate)] = []
        for flow in flows {
            for woken in desk.woken(of: flow, limit: request.limit) {
                let moment = ReadyPlace.moment(of: woken.place)
                candidates.append(
                    (flow, Candidate(moment: moment, order: woken.place, number: woken.number, due: nil)))
            }
            for candidate in try due(of: flow, limit: request.limit) { candidates.append((flow, candidate)) }
        }
        candidates.sort { $0.1.key < $1.1.key }
        var claims: [Claim] = []
        for (flow, candidate) in candidates {
            guard claims.count < request.limit else {
                if let due = candidate.due { desk.expect(flow, at: due) }
                continue
            }
            claims.append(try take(candidate.number, of: flow, under: lease.epoch))
        }
        return .claimed(claims)
    }

    /// The sagas of a flow whose rows say that they can be claimed; alarms that stood there for nothing are set anew.
    private func due(of flow: Int64, limit: Int) throws -> [Candidate] {
        let find = statements.oldestDue
        try find.bind(1, flow)
        try find.bind(2, desk.cursor(of: flow))
        try find.bind(3, ReadyPlace.last(at: now))
        var found: [Candidate] = []
        var early: [SagaNumber] = []
        do {
            defer { find.reset() }
            while found.count < limit, early.count < Self.alarmLimit, try find.step() {
                let (number, due) = (find.int64(0), find.int64(1))
                desk.advance(flow, to: due)
                guard desk.isAbsent(number) else { continue }
                if let place = find.optionalInt64(2) {
                    found.append(
                        Candidate(moment: ReadyPlace.moment(of: place), order: place, number: number, due: due))
                } else if let wake = find.optionalInt64(3), wake <= now.milliseconds {
                    found.append(
                        Candidate(moment: Timestamp(milliseconds: wake), order: number, number: number, due: due))
                } else {
                    early.append(number)
                }
            }
        }
        for number in early { try setAlarm(number, of: flow) }
        return found
    }

    /// The most alarms that one claim sets anew; after a long outage the next ones go on with it.
    private static var alarmLimit: Int { 1_024 }

    private func setAlarm(_ number: SagaNumber, of flow: Int64) throws {
        guard var saga = try saga(number) else { return }
        saga.due = saga.latestDue
        try statements.setAlarm.bind(1, number)
        try statements.setAlarm.bind(2, saga.due)
        try statements.setAlarm.run()
        desk.expect(flow, at: saga.due)
        known.keep(saga)
    }

    private func take(_ number: SagaNumber, of flow: Int64, under epoch: Int64) throws -> Claim {
        guard var saga = try saga(number) else {
            throw StoreError(.corrupt, "saga \(number) is queued and does not exist")
        }
        let claim = try desk.take(number, of: flow, under: epoch) { try SQLiteMeta.countOpening(connection) }
        saga.takeInHand()
        if saga.stirred {
            try connection.run("UPDATE progress SET stirred = 0 WHERE number = ?", .integer(number))
            saga.stirred = false
        }
        known.keep(saga)
        // One whose past has just been dropped would not learn that its offer is to be taken back.
        if let past = known[number]?.past { offers.offer(past, for: claim, openChildren: saga.openChildren) }
        return claim
    }

    /// Ends every lease that has expired while sagas are held under it.
    private func takeOver() throws {
        let over = try desk.epochs.sorted().filter { try isLive(epoch: $0) == false }
        for epoch in over { try end(epoch: epoch) }
    }

    private func end(epoch: Int64) throws {
        for number in desk.end(epoch, nextPlace: nextPlace) {
            offers.touch(number)
            known.forget(number)
        }
        try connection.run("DELETE FROM lease WHERE epoch = ?", .integer(epoch))
    }
}
