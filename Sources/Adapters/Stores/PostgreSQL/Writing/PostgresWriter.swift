internal import SagaEngine

/// The writing side of the store: carries out batches on the thread that owns it.
///
/// A batch takes two round trips: one locks the rows it is about and reads what it depends on, one writes and commits.
/// In between it is decided in memory (``Batch``), so one operation that is refused spoils no other, and no savepoint
/// is needed. What another runner changed in between makes the batch begin again.
final class PostgresWriter {
    /// Batches that wait together are made one transaction up to this many operations.
    static let mergeLimit = 2_048
    /// How often a batch begins again because another transaction came in between.
    static let attemptLimit = 20
    /// How often more facts are asked for; each round is about facts that only the one before has made askable.
    static let roundLimit = 16

    let configuration: PostgresStoreConfiguration
    let link: PostgresLink
    private let handlers: [String: any RecordHandler]
    private let wakened: @Sendable () -> Void
    private var lastPlace: Int64 = .min
    /// Whether the batch that is under way is decided by rows that were not read for it.
    private var usesMemory = false
    /// Parents whose children have ended in transactions that are durable, and that nobody has looked at since.
    private var unwatchedParents: [SagaNumber: Int64] = [:]

    init(_ configuration: PostgresStoreConfiguration, _ link: PostgresLink, wakened: @escaping @Sendable () -> Void) {
        self.configuration = configuration
        self.link = link
        self.wakened = wakened
        handlers = Dictionary(configuration.handlers.map { ($0.kind, $0) }) { _, last in last }
    }

    /// Carries out batches in one transaction and tells those who wait.
    ///
    /// When one of several cannot be carried out, each gets a transaction of its own, so that it fails alone.
    func commit(_ requests: [CommitRequest]) {
        do throws(StoreError) {
            let results = try transact(requests)
            configuration.observer?(
                StoreTransaction(
                    operations: requests.flatMap(\.batch), lease: requests.lazy.compactMap(\.lease).first))
            for (request, result) in zip(requests, results) { request.finish(result) }
        } catch {
            if requests.count > 1, error.code == .misuse || error.code == .corrupt {
                for request in requests { commit([request]) }
            } else {
                for request in requests { request.finish(.failure(error)) }
            }
        }
    }

    private typealias Results = [Result<[StoreResult], StoreError>]

    private func transact(_ requests: [CommitRequest]) throws(StoreError) -> Results {
        var isExclusive = false
        for _ in 0..<Self.attemptLimit {
            let session = try link.session()
            do {
                let requests = requests.map { link.honours($0.lease) ? $0 : $0.withoutLease }
                let known = session.held.known(to: requests)
                usesMemory = !known.isEmpty
                switch try attempt(requests, in: session, keepingOut: isExclusive, known) {
                case .done(let results):
                    for result in results { link.honour(result) }
                    lookAfterParents(in: session)
                    return results.map { .success($0) }
                case .mustKeepOut: isExclusive = true
                case .mustRead: continue
                }
            } catch let error as PostgresError {
                rollBack(session)
                guard error.kind == .contention || error.kind == .duplicate || error.kind == .stale else {
                    if error.kind == .connection { link.lost(session) }
                    // Nothing was committed: the transaction had not come to its end.
                    if error.kind == .connection { continue }
                    throw link.report(error)
                }
            } catch let lost as LostCommit {
                link.lost(session)
                switch try link.fate(of: lost.transaction, on: session) {
                case .committed:
                    note(lost.left)
                    lookAfterParents(in: try link.session())
                    return Self.known(lost.results, of: requests)
                case .aborted: continue
                }
            } catch {
                rollBack(session)
                // What was remembered may have been wrong.
                if usesMemory { continue }
                throw link.report(error)
            }
        }
        throw StoreError(.unavailable, "other transactions came in between \(Self.attemptLimit) times: try again later")
    }

    /// The results of a batch whose commit was confirmed only afterwards; what the server had answered is gone.
    private static func known(_ results: [[StoreResult]], of requests: [CommitRequest]) -> Results {
        zip(results, requests).map { results, request in
            let isKnown = zip(results, request.batch).allSatisfy { result, operation in
                if case .claim = operation, case .claimed = result { return false }
                if case .noticed(let number, _, _) = result, number < 0 { return false }
                if case .duplicate(let number) = result, number < 0 { return false }
                return true
            }
            guard isKnown else {
                return .failure(
                    StoreError(.unavailable, "the batch is durable, but what it took is not known: look again"))
            }
            return .success(results)
        }
    }

    /// The commit was sent, and its answer has not come.
    private struct LostCommit: Error {
        let transaction: Int64
        let left: Leftover
        let results: [[StoreResult]]
    }

    private enum Attempt {
        case done([[StoreResult]])
        /// A notice finds no expectation: one may be being written, so it has to be looked for again behind a lock that
        /// keeps new ones out.
        case mustKeepOut
        /// A saga that is remembered was not to be written after all, so nothing would show that its row has changed.
        case mustRead
    }

    private func attempt(
        _ requests: [CommitRequest], in session: PostgresSession, keepingOut: Bool, _ known: [SagaNumber: BatchSaga]
    ) throws -> Attempt {
        try session.intern(requests.names)
        try session.intern(requests.flows)
        if requests.claim {
            _ = try session.numbers(of: requests.flatMap(\.claimedFlows))
        }
        var opening = Opening(requests, in: session, keepingOut: keepingOut, time: configuration.time)
        var loader = FactLoader(session)
        loader.remember(known)
        let opened = opening.ask(&loader, expired: requests.claim)
        try loader.load(
            BatchNeeds(
                foreseenIn: requests, handlers: handlers, names: session.names,
                spareNumbers: session.spareSagaNumbers.count, remembered: known.keys))
        let moment = opened.moment
        if case .database = configuration.time {
            link.clock.follow(moment.now, between: moment.asked, and: PostgresClock.monotonic)
        }
        let (batch, decided) = try decide(requests, &loader, at: moment.now, in: session)
        if batch.leavesOrphans, !keepingOut {
            rollBack(session)
            return .mustKeepOut
        }
        let isShown = batch.facts.remembered.allSatisfy { batch.sagas[$0].map { $0.change > .queue } ?? false }
        guard isShown else {
            rollBack(session)
            return .mustRead
        }
        return .done(
            try write(batch, decided, transaction: moment.transaction, expired: opened.hasExpiredLeases, in: session))
    }

    private func decide(
        _ requests: [CommitRequest], _ loader: inout FactLoader, at now: Timestamp, in session: PostgresSession
    ) throws -> (Batch, [[StoreResult]]) {
        for _ in 0..<Self.roundLimit {
            var facts = loader.facts
            facts.sagaNumbers = session.spareSagaNumbers
            facts.epochs = session.spareEpochs
            let batch = Batch(
                facts, at: now, handlers: handlers, childSpacing: configuration.childSpacing, lastPlace: lastPlace,
                names: session.names, flows: session.flows)
            let results = try batch.decide(requests)
            if batch.needs.isEmpty { return (batch, results) }
            try loader.load(batch.needs)
        }
        throw StoreError(.misuse, "a batch depends on more and more facts: a record handler reads without end")
    }

    private func write(
        _ batch: Batch, _ decided: [[StoreResult]], transaction: Int64, expired: Bool, in session: PostgresSession
    ) throws -> [[StoreResult]] {
        var results = decided
        let writing = try BatchWriting(
            batch, in: session, as: transaction, hasExpiredLeases: expired,
            hasParents: !unwatchedParents.isEmpty || sweepsParents)
        let calls = writing.calls + [PostgresConnection.Call(Opening.commit)]
        let answers: [PostgresResult]
        do {
            answers = try session.connection.pipeline(calls)
        } catch {
            if error.kind == .connection {
                throw LostCommit(
                    transaction: transaction, left: Leftover(batch, expired: expired), results: decided)
            }
            if let place = error.place, place < writing.calls.count,
                writing.calls[place].statement.name == Change.uses.name
            {
                throw StoreError(.misuse, "a notice is given a standing but does not exist")
            }
            throw error
        }
        // It is durable: whatever happens now, it is not to be carried out once more.
        usesMemory = false
        let claimed = try writing.complete(&results, from: answers)
        session.held.remember(batch, claimed, as: transaction)
        if let scribe = configuration.scribe {
            scribe(
                PostgresScript(writing.calls, answers, operations: decided.reduce(0) { $0 + $1.count }))
        }
        session.spareSagaNumbers.removeFirst(batch.usedSagaNumbers)
        session.spareEpochs.removeFirst(batch.usedEpochNumbers)
        note(Leftover(batch, expired: expired))
        return results
    }

    /// What a batch leaves to be done once it is durable.
    private struct Leftover {
        let lastPlace: Int64
        let parents: [SagaNumber: Int64]
        let sweepsParents: Bool
        let wakesSagas: Bool

        init(_ batch: Batch, expired: Bool) {
            lastPlace = batch.lastReadyPlace
            parents = batch.changes.parentPlaces
            sweepsParents = expired
            wakesSagas = batch.wakesSagas
        }
    }

    /// Takes note of what a batch that is durable leaves to be done.
    private func note(_ left: Leftover) {
        lastPlace = left.lastPlace
        unwatchedParents.merge(left.parents) { _, last in last }
        if left.sweepsParents { sweepsParents = true }
        if left.wakesSagas { wakened() }
    }

    private func rollBack(_ session: PostgresSession) {
        session.forget()
        guard session.connection.isAlive, session.connection.isInTransaction else { return }
        do {
            try session.connection.execute("ROLLBACK")
        } catch {
            link.lost(session)
        }
    }

    // MARK: - Barriers

    private var sweepsParents = false

    /// Wakes parents whose last child has ended. Whoever commits the last one finds that none is left, since it looks
    /// after its commit; should this process die before it has looked, whoever finds its lease over looks for all.
    private func lookAfterParents(in session: PostgresSession) {
        guard !unwatchedParents.isEmpty || sweepsParents else { return }
        do {
            let connection = session.connection
            var over: [Int64] = []
            if sweepsParents {
                // The leases first: what ends under one that is found here is there to be seen.
                let now = try Lifeline.moment(connection, configuration).milliseconds
                over = try connection.run(Claiming.unswept, .bigint(now)).rows.map { $0.int64(0) }
                let place = max(lastPlace, ReadyPlace.first(at: link.clock.now()))
                for row in try connection.run(Claiming.sweep).rows where unwatchedParents[row.int64(0)] == nil {
                    unwatchedParents[row.int64(0)] = place
                }
            }
            try wakeEmpty(unwatchedParents, on: connection)
            if !over.isEmpty { try connection.run(Claiming.swept, .numbers(over)) }
            unwatchedParents = [:]
            sweepsParents = false
        } catch {
            // They stay to be looked at with the next batch, or by whoever finds the lease over.
            rollBack(session)
            if (error as? PostgresError)?.kind == .connection { link.lost(session) }
        }
    }

    private func wakeEmpty(_ parents: [SagaNumber: Int64], on connection: PostgresConnection) throws {
        guard !parents.isEmpty else { return }
        let empty = try connection.run(Claiming.empty, .numbers(parents.keys.sorted())).rows.map { $0.int64(0) }
        guard !empty.isEmpty else { return }
        let results = try connection.pipeline([
            PostgresConnection.Call(Opening.begin),
            PostgresConnection.Call(Claiming.lockParents, .numbers(empty)),
            PostgresConnection.Call(
                Claiming.wakeParents, .numbers(empty), .numbers(empty.map { parents[$0] ?? lastPlace })),
            PostgresConnection.Call(Opening.commit),
        ])
        if results[2].changed > 0 { wakened() }
    }

    /// Looks after all parents whatever is known, as the attendant has it done now and then.
    func sweep() throws {
        sweepsParents = true
        lookAfterParents(in: try link.session())
    }
}

extension CommitRequest {
    /// The same under no lease, so that what needs one is fenced.
    fileprivate var withoutLease: CommitRequest { CommitRequest(batch: batch, lease: nil, finish: finish) }

    /// The flows that claims in the batch ask for.
    fileprivate var claimedFlows: [FlowID] {
        batch.flatMap { operation in
            if case .claim(let request) = operation { request.flows } else { [FlowID]() }
        }
    }
}
