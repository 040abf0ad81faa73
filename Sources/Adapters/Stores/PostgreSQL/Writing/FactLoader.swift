internal import SagaEngine

/// Reads what a batch depends on, in one round trip for all that is asked for at a time.
///
/// The rows of sagas and leases are locked first, in one order for everybody, so that no two batches wait for each
/// other; whatever else is read comes in later statements, which see what was committed before the lock was got.
struct FactLoader {
    private typealias Call = PostgresConnection.Call

    let session: PostgresSession
    /// Whether locks of sagas' rows are waited for.
    private let waits: Bool
    private(set) var facts = BatchFacts()
    private var calls: [Call] = []
    private var takers: [(inout BatchFacts, PostgresResult) throws -> Void] = []

    init(_ session: PostgresSession, waiting: Bool) {
        self.session = session
        waits = waiting
    }

    /// Begins with what is known.
    mutating func begin(with known: BatchFacts) { facts = known }

    /// Begins the transaction and loads what is needed, in one round trip.
    mutating func load(_ needs: BatchNeeds, after opening: inout Opening) throws {
        try ask(needs)
        let answers = try run(after: opening.calls)
        opening.take(answers)
        try loadFinished(of: needs)
    }

    /// Loads what is needed, too.
    mutating func load(_ needs: BatchNeeds) throws {
        try ask(needs)
        try run()
        try loadFinished(of: needs)
    }

    private mutating func ask(_ needs: BatchNeeds) throws {
        askForLeases(needs)
        askForSagas(needs)
        askForNotices(needs)
        askForBooks(needs)
        askForNumbers(needs)
        if !needs.names.isEmpty { try session.intern(needs.names) }
    }

    /// Sends what is asked for, and answers what came before it.
    @discardableResult
    private mutating func run(after preceding: [Call] = []) throws -> ArraySlice<PostgresResult> {
        guard !calls.isEmpty || !preceding.isEmpty else { return [] }
        defer {
            calls = []
            takers = []
        }
        let results = try session.connection.pipeline(preceding + calls)
        for (result, take) in zip(results.dropFirst(preceding.count), takers) { try take(&facts, result) }
        return results.prefix(preceding.count)
    }

    private mutating func ask(_ call: Call, take: @escaping (inout BatchFacts, PostgresResult) throws -> Void) {
        calls.append(call)
        takers.append(take)
    }

    // MARK: - Rows that are locked

    private mutating func askForLeases(_ needs: BatchNeeds) {
        if !needs.leases.isEmpty {
            let epochs = needs.leases.sorted()
            ask(Call(Fact.leases, .numbers(epochs))) { facts, result in
                for epoch in epochs { facts.leases[epoch] = .some(nil) }
                for row in result.rows { facts.leases[row.int64(0)] = Self.lease(row) }
            }
        }
        if !needs.runners.isEmpty {
            let runners = needs.runners.sorted()
            ask(Call(Fact.leasesOfRunners, .texts(runners.map(\.rawValue)))) { facts, result in
                for runner in runners { facts.leasesOfRunners[runner] = .some(nil) }
                for row in result.rows { facts.leasesOfRunners[ByteText(row.text(1))] = Self.lease(row) }
            }
        }
    }

    private static func lease(_ row: PostgresRow) -> BatchFacts.KnownLease {
        BatchFacts.KnownLease(epoch: row.int64(0), runner: row.text(1), expires: row.timestamp(2))
    }

    private mutating func askForSagas(_ needs: BatchNeeds) {
        if !needs.sagas.isEmpty || !needs.owners.isEmpty {
            let owners = Array(needs.owners)
            let call = Call(
                waits ? Fact.sagas : Fact.sagasAtOnce, .numbers(needs.sagas.sorted()), .numbers(owners.map(\.source)),
                .texts(owners.map(\.reference.rawValue)))
            ask(call) { facts, result in
                for row in result.rows { try Self.take(try BatchSaga(row), &facts) }
            }
        }
        if !needs.started.isEmpty {
            let ids = Array(needs.started)
            ask(Call(Fact.started, .texts(ids.map(\.rawValue)))) { facts, result in
                for id in ids { facts.started[id] = .some(nil) }
                for row in result.rows {
                    facts.started[try SagaID(stored: row.text(1))] = BatchFacts.Started(
                        number: row.int64(0), parent: row.optionalInt64(2), flow: row.text(3), input: row.blob(4))
                }
            }
        }
        if !needs.ended.isEmpty {
            let parents = needs.ended.sorted()
            ask(Call(Fact.ended, .numbers(parents))) { facts, result in
                for parent in parents { facts.ended[parent] = 0 }
                for row in result.rows { facts.ended[row.int64(0)] = row.int64(1) }
            }
        }
        if !needs.endings.isEmpty {
            let sagas = needs.endings.sorted()
            ask(Call(Fact.endings, .numbers(sagas))) { facts, result in
                for saga in sagas { facts.endings[saga] = [] }
                for row in result.rows { facts.endings[row.int64(0), default: []].append(try Self.ending(row)) }
            }
        }
    }

    /// Takes a saga as its row, which is locked, has it. What else was taken from memory hangs on the version.
    private static func take(_ saga: BatchSaga, _ facts: inout BatchFacts) throws {
        if facts.assumed.sagas.remove(saga.number) != nil, (facts.sagas[saga.number] ?? nil)?.version != saga.version {
            throw stale(saga.number)
        }
        facts.sagas[saga.number] = saga
    }

    private static func stale(_ saga: SagaNumber) -> PostgresError {
        PostgresError(.stale, "the row of saga number \(saga) is not the one that is remembered")
    }

    private static func ending(_ row: PostgresRow) throws -> BatchFacts.Ending {
        BatchFacts.Ending(
            kind: try PostgresRows.kind(row.int64(1)), stage: StageName(rawValue: row.text(2)),
            refusals: Int(row.int64(3)), body: row.blob(4))
    }

    /// Sagas that have ended have no row to lock.
    private mutating func loadFinished(of needs: BatchNeeds) throws {
        var missing = needs.sagas
        for point in needs.owners {
            if let expected = facts.expected[point] ?? nil { missing.insert(expected.saga) }
        }
        // What a notice depends on is not taken from memory.
        missing = missing.filter { facts.sagas[$0] == nil || facts.assumed.sagas.contains($0) }
        guard !missing.isEmpty else { return }
        let numbers = missing.sorted()
        ask(Call(Fact.finished, .numbers(numbers))) { facts, result in
            if let gone = numbers.first(where: facts.assumed.sagas.contains) { throw Self.stale(gone) }
            for number in numbers { facts.sagas[number] = .some(nil) }
            for row in result.rows { facts.sagas[row.int64(0)] = try BatchSaga(finished: row) }
        }
        try run()
        // One that was started between the two statements: its row is there to be locked.
        let unknown = numbers.filter { (facts.sagas[$0] ?? nil) == nil }
        guard !unknown.isEmpty else { return }
        ask(Call(waits ? Fact.sagas : Fact.sagasAtOnce, .numbers(unknown), .numbers([]), .texts([]))) { facts, result in
            for row in result.rows { facts.sagas[row.int64(0)] = try BatchSaga(row) }
        }
        try run()
    }

    // MARK: - The inbox

    private mutating func askForNotices(_ needs: BatchNeeds) {
        let session = session
        if !needs.points.isEmpty {
            let points = Array(needs.points)
            ask(Call(Fact.expected, all: Self.parameters(points))) { facts, result in
                for point in points { facts.expected[point] = .some(nil) }
                for row in result.rows {
                    let point = MeetingPoint(source: row.int64(0), reference: ByteText(row.text(1)))
                    facts.expected[point] = BatchFacts.Expected(
                        saga: row.int64(2), stage: row.int64(3), refusals: row.int64(4))
                    session.remember(name: row.text(5), row.int64(3))
                }
            }
        }
        if !needs.owners.isEmpty {
            ask(Call(Fact.evidence, all: Self.parameters(Array(needs.owners)))) { facts, result in
                for row in result.rows {
                    let notice = try Self.notice(row)
                    facts.evidence[notice.point, default: []].append(notice)
                }
            }
        }
        if !needs.bodies.isEmpty { askForBodies(Array(needs.bodies)) }
        if !needs.notices.isEmpty {
            let numbers = needs.notices.sorted()
            ask(Call(Fact.notices, .numbers(numbers))) { facts, result in
                for number in numbers { facts.notices[number] = .some(nil) }
                for row in result.rows { facts.notices[row.int64(0)] = try Self.notice(row) }
            }
        }
        if !needs.fresh.isEmpty {
            let sagas = needs.fresh.sorted()
            ask(Call(Fact.fresh, .numbers(sagas))) { facts, result in
                for saga in sagas { facts.fresh[saga] = [] }
                for row in result.rows { facts.fresh[row.int64(0), default: []].append(row.int64(1)) }
            }
        }
        if !needs.orphans.isEmpty {
            let points = Array(needs.orphans)
            ask(Call(Fact.orphans, all: Self.parameters(points))) { facts, result in
                for point in points { facts.orphans[point] = [] }
                for row in result.rows {
                    let point = MeetingPoint(source: row.int64(0), reference: ByteText(row.text(1)))
                    facts.orphans[point, default: []].append(row.int64(2))
                }
            }
        }
        askForCounts(needs)
    }

    private mutating func askForBodies(_ identities: [NoticeIdentity]) {
        let call = Call(Fact.bodies, .numbers(identities.map(\.source)), .texts(identities.map(\.id.rawValue)))
        ask(call) { facts, result in
            for identity in identities { facts.bodies[identity] = [] }
            for row in result.rows {
                let identity = NoticeIdentity(source: row.int64(0), id: ByteText(row.text(1)))
                facts.bodies[identity, default: []].append(
                    BatchFacts.Body(
                        number: row.int64(2), variant: row.int64(3),
                        standing: try NoticeStanding(storeCode: row.int64(4)), bytes: row.blob(5),
                        claim: row.withBytes(6) { ClaimText.read($0, reference: row.text(7)) }))
            }
        }
    }

    private mutating func askForCounts(_ needs: BatchNeeds) {
        if !needs.quarantined.isEmpty {
            let sources = needs.quarantined.sorted()
            ask(Call(Fact.quarantined, .numbers(sources))) { facts, result in
                for source in sources { facts.quarantined[source] = 0 }
                for row in result.rows { facts.quarantined[row.int64(0)] = Int(row.int64(1)) }
            }
        }
        guard !needs.conflicting.isEmpty else { return }
        let sources = needs.conflicting.sorted()
        ask(Call(Fact.conflicting, .numbers(sources))) { facts, result in
            for source in sources { facts.conflicting[source] = 0 }
            for row in result.rows { facts.conflicting[row.int64(0)] = Int(row.int64(1)) }
        }
    }

    private static func parameters(_ points: [MeetingPoint]) -> [PostgresParameter] {
        [.numbers(points.map(\.source)), .texts(points.map(\.reference.rawValue))]
    }

    private static func notice(_ row: PostgresRow) throws(StoreError) -> BatchFacts.KnownNotice {
        let reference = row.text(4)
        return BatchFacts.KnownNotice(
            number: row.int64(0), standing: try NoticeStanding(storeCode: row.int64(1)),
            identity: NoticeIdentity(source: row.int64(2), id: ByteText(row.text(3))),
            point: MeetingPoint(source: row.int64(2), reference: ByteText(reference)),
            claim: row.withBytes(5) { ClaimText.read($0, reference: reference) }, saga: row.optionalInt64(6))
    }

    // MARK: - Books and numbers

    private mutating func askForBooks(_ needs: BatchNeeds) {
        guard !needs.values.isEmpty else { return }
        let keys = Array(needs.values)
        ask(Call(Fact.values, .numbers(keys.map(\.space)), .texts(keys.map(\.key.rawValue)))) { facts, result in
            for key in keys { facts.values[key] = .some(nil) }
            for row in result.rows {
                facts.values[BookKey(space: row.int64(0), key: ByteText(row.text(1)))] = BatchFacts.Value(
                    bytes: row.blob(3), version: row.int64(2))
            }
        }
    }

    private mutating func askForNumbers(_ needs: BatchNeeds) {
        let session = session
        if needs.sagaNumbers > 0 {
            ask(Call(Fact.sagaNumbers, .bigint(Int64(needs.sagaNumbers)))) { _, result in
                session.spareSagaNumbers += result.rows.map { $0.int64(0) }
            }
        }
        if needs.epochs > 0 {
            ask(Call(Fact.epochs, .bigint(Int64(needs.epochs)))) { _, result in
                session.spareEpochs += result.rows.map { $0.int64(0) }
            }
        }
    }
}
