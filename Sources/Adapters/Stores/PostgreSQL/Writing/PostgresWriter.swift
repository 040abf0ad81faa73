internal import Foundation
internal import SagaEngine

/// The writing side of the store: carries out batches on the thread that owns it.
///
/// A batch takes two round trips at most: one locks the rows it is about and reads what it depends on, one writes and
/// commits. In between it is decided in memory (``Batch``), so one operation that is refused spoils no other, and no
/// savepoint is needed. What this process knows is not asked for (``BatchMemory``): most batches take one round trip.
/// What another runner changed makes the batch begin again.
final class PostgresWriter {
    /// Batches that wait together are made one transaction up to this many operations.
    static let mergeLimit = 2_048
    /// With so few operations under way, little is gained by beginning the next batch early.
    static let fewOperations = 8
    /// How many transactions are under way at most while the next one is decided: one that the server carries out, and
    /// one that it has at hand when that is done.
    static let aheadLimit = 2
    /// How often a batch begins again because another transaction came in between.
    static let attemptLimit = 20
    /// How often more facts are asked for; each round is about facts that only the one before has made askable.
    static let roundLimit = 16

    let configuration: PostgresStoreConfiguration
    let link: PostgresLink
    private let handlers: [String: any RecordHandler]
    let wakened: @Sendable () -> Void
    /// The last place that it has given out in the queue of sagas that are ready.
    var lastPlace: Int64 = .min
    /// What this process knows from its own commits.
    private var memory: BatchMemory
    /// Whether what is attempted is decided by what was not read for it.
    private var usesMemory = false
    /// Parents whose last child may have ended.
    var barriers = BarrierWatch()

    init(_ configuration: PostgresStoreConfiguration, _ link: PostgresLink, wakened: @escaping @Sendable () -> Void) {
        self.configuration = configuration
        self.link = link
        self.wakened = wakened
        memory = BatchMemory(doubting: configuration.doubtfulBatches)
        handlers = Dictionary(configuration.handlers.map { ($0.kind, $0) }) { _, last in last }
    }

    // MARK: - Side by side

    /// In the order in which they were sent.
    private var underWay: [TransactionUnderWay] = []

    /// Whether a transaction is under way.
    var isUnderWay: Bool { !underWay.isEmpty }

    /// How many operations are in the transaction that was sent last; 0 when none is under way.
    var operationsSentLast: Int { underWay.last?.operationCount ?? 0 }

    /// Whether the oldest one's answers are to be waited for now: they have begun to come, or nothing is worth
    /// beginning beside it.
    func hasAnswer() -> Bool {
        guard let connection = underWay.first?.session.connection else { return false }
        let operations = underWay.reduce(0) { $0 + $1.operationCount }
        if operations <= Self.fewOperations || connection.isReadable { return true }
        usleep(30)
        return connection.isReadable
    }

    /// Has batches carried out in one transaction. It is read and decided on another connection while those before it
    /// are written, if it does not depend on them, and those who wait are told when it is finished.
    func commit(_ asked: [CommitRequest]) {
        let requests = asked.map { $0.reading(by: handlers) }
        while !underWay.allSatisfy({ $0.isApart(from: requests) }) { finishOldest() }
        guard let next = start(requests) else {
            finish()
            return carryOut(requests)
        }
        underWay.append(next)
        while underWay.count > Self.aheadLimit { finishOldest() }
    }

    /// Sees what is under way through and tells those who wait for it.
    func finish() {
        while !underWay.isEmpty { finishOldest() }
    }

    /// Sees the transaction through that was sent first of those under way, and carries out what has to begin again.
    func finishOldest() {
        guard !underWay.isEmpty else { return }
        for requests in seeThrough(underWay.removeFirst()) { carryOut(requests) }
    }

    /// Reads the answers to a transaction and tells those who wait for it. Where something has become of it that is to
    /// be looked into, those sent after it are seen through before.
    ///
    /// - Returns: The batches that have to begin again, in the order in which they were sent.
    private func seeThrough(_ sent: TransactionUnderWay) -> [[CommitRequest]] {
        var later: [[CommitRequest]] = []
        do throws(StoreError) {
            guard let results = try settle(sent, before: &later) else { return [sent.requests] + later }
            tell(sent.requests, results)
        } catch {
            fail(sent.requests, error)
        }
        return later
    }

    /// A connection that is idle, if need be once the oldest transaction under way is finished.
    private func idleSession() throws(StoreError) -> PostgresSession {
        while !underWay.isEmpty {
            do {
                return try link.session(beside: underWay.map(\.session))
            } catch {
                finishOldest()
            }
        }
        return try link.session()
    }

    /// Sends a batch's transaction; `nil` when it has to be carried out by itself.
    private func start(_ requests: [CommitRequest]) -> TransactionUnderWay? {
        var session: PostgresSession?
        do {
            let own = try idleSession()
            session = own
            switch try attempt(requests, in: own, keepingOut: false, waiting: underWay.isEmpty) {
            case .sent(let sent): return sent
            case .mustKeepOut: return nil
            }
        } catch {
            // Nothing was committed; by itself it meets the same again, or succeeds.
            if let session {
                rollBack(session)
                if (error as? PostgresError)?.kind == .connection { link.lost(session) }
            }
            return nil
        }
    }

    // MARK: - One at a time

    /// Carries out batches in one transaction and tells those who wait.
    ///
    /// When one of several cannot be carried out, each gets a transaction of its own, so that it fails alone.
    private func carryOut(_ requests: [CommitRequest]) {
        do throws(StoreError) {
            tell(requests, try transact(requests))
        } catch {
            fail(requests, error)
        }
    }

    private func tell(_ requests: [CommitRequest], _ results: Results) {
        configuration.observer?(
            StoreTransaction(operations: requests.flatMap(\.batch), lease: requests.lazy.compactMap(\.lease).first))
        for (request, result) in zip(requests, results) { request.finish(result) }
    }

    private func fail(_ requests: [CommitRequest], _ error: StoreError) {
        if requests.count > 1, error.code == .misuse || error.code == .corrupt {
            for request in requests { carryOut([request]) }
        } else {
            for request in requests { request.finish(.failure(error)) }
        }
    }

    private typealias Results = [Result<[StoreResult], StoreError>]

    private func transact(_ requests: [CommitRequest]) throws(StoreError) -> Results {
        var isExclusive = false
        for _ in 0..<Self.attemptLimit {
            let session = try link.session()
            let sent: TransactionUnderWay
            do {
                switch try attempt(requests, in: session, keepingOut: isExclusive) {
                case .sent(let attempt): sent = attempt
                case .mustKeepOut:
                    isExclusive = true
                    continue
                }
            } catch let error as PostgresError {
                rollBack(session)
                // Nothing was committed: the transaction had not come to its end.
                if error.kind == .connection { link.lost(session) }
                guard error.isPassing || error.kind == .duplicate, error.kind != .readOnly, error.kind != .resources
                else { throw link.report(error) }
                if usesMemory, error.kind == .stale { memory.doubt() }
                continue
            } catch {
                rollBack(session)
                // What was remembered may have been wrong.
                if usesMemory {
                    memory.doubt()
                    continue
                }
                throw link.report(error)
            }
            var none: [[CommitRequest]] = []
            if let results = try settle(sent, before: &none) { return results }
        }
        throw StoreError(.unavailable, "other transactions came in between \(Self.attemptLimit) times: try again later")
    }

    /// Reads the answers to a transaction that was sent; `nil` when it has to begin again.
    ///
    /// - Parameters:
    ///   - sent: The transaction.
    ///   - later: Takes the batches sent after it that have to begin again as well.
    /// - Returns: What became of each batch.
    /// - Throws: ``StoreError`` when it failed, or is durable and its answers cannot be told.
    private func settle(
        _ sent: TransactionUnderWay, before later: inout [[CommitRequest]]
    ) throws(StoreError) -> Results? {
        let answers: [PostgresResult]
        do throws(PostgresError) {
            answers = try sent.session.connection.receive(sent.answerCount)
        } catch {
            return try settle(sent, after: error, before: &later)
        }
        do {
            // It is durable: whatever happens now, it is not to be carried out once more.
            let results = try complete(sent, answers[...])
            for result in results { link.honour(result, in: sent.session.lineage) }
            lookAfterParents(in: sent.session)
            return results.map { .success($0) }
        } catch {
            later += seeThrough()
            memory.forget()
            // Not as what it is: a batch that cannot be carried out would be tried in parts.
            let reported = link.report(error)
            throw StoreError(
                .unavailable, "the batch is durable, but its answers cannot be read: \(reported.detail): look again")
        }
    }

    /// Sees through everything that is under way.
    ///
    /// - Returns: What has to begin again.
    private func seeThrough() -> [[CommitRequest]] {
        var again: [[CommitRequest]] = []
        while !underWay.isEmpty { again += seeThrough(underWay.removeFirst()) }
        return again
    }

    private func settle(
        _ sent: TransactionUnderWay, after error: PostgresError, before later: inout [[CommitRequest]]
    ) throws(StoreError) -> Results? {
        let isLost = error.kind == .connection
        if isLost {
            link.lost(sent.session)
            memory.forget()
        } else {
            rollBack(sent.session)
        }
        // Those sent after it have answers to be read on the connections that everything after this may go over.
        later += seeThrough()
        guard !isLost else {
            // Whatever comes of it: if a last child has ended in it, its parent is found by looking after all.
            barriers.lookAtAll()
            let transaction = sent.opening.opened.transaction
            switch try link.fate(of: transaction, sent.writing.mark, on: sent.session) {
            case .aborted: return nil
            case .elsewhere:
                // Carried out once more it would be fenced, as if only its sagas were lost and not all that is held.
                throw StoreError(
                    .unavailable,
                    "the connection was lost in a commit, and the server is another one since: look again")
            case .unclear:
                throw StoreError(
                    .unavailable, "the connection was lost in a commit, and nothing shows what became of it")
            case .committed:
                note(Leftover(sent.batch, expired: sent.opening.opened.hasExpiredLeases))
                lookAfterParents(in: try link.session())
                return Self.known(sent.decided, of: sent.requests)
            }
        }
        // What was remembered may have been wrong.
        if sent.usesMemory {
            memory.doubt(sent.batch.facts)
            return nil
        }
        if let place = error.place.map({ $0 - sent.openingCount }), sent.writing.calls.indices.contains(place),
            sent.writing.calls[place].statement.name == Change.uses.name
        {
            throw StoreError(.misuse, "a notice is given a standing but does not exist")
        }
        guard error.kind == .contention || error.kind == .duplicate || error.kind == .stale else {
            throw link.report(error)
        }
        return nil
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

    private enum Attempt {
        case sent(TransactionUnderWay)
        /// A notice finds no expectation: one may be being written, so it has to be looked for again behind a lock that
        /// keeps new ones out.
        case mustKeepOut
    }

    /// Decides and sends a batch, and reads before that what is not known. Beside transactions that are under way it
    /// does not wait for locks of sagas' rows: one of them may be about to change the row of a saga that a notice is
    /// for, and would wait as well.
    private func attempt(
        _ asked: [CommitRequest], in session: PostgresSession, keepingOut: Bool, waiting: Bool = true
    ) throws -> Attempt {
        usesMemory = false
        let requests = asked.map { link.honours($0.lease) ? $0 : $0.withoutLease }
        try session.intern(requests.names(besides: session.names))
        try session.intern(requests.flows)
        if requests.claim {
            _ = try session.numbers(of: requests.flatMap(\.claimedFlows))
        }
        let moment =
            switch configuration.time {
            case .database: link.clock.now()
            case .given(let clock): clock.now()
            }
        memory.keep(to: link.generation)
        let mayBeDecided = memory.isReliable && !keepingOut
        let known = memory.facts(
            for: requests, names: session.names, besides: underWay.map(\.batch.sagas), at: moment)
        usesMemory = !known.assumed.isEmpty
        let needs = BatchNeeds(
            foreseenIn: requests, names: session.names, spareNumbers: session.spareSagaNumbers.count, known: known)
        func opening(isDecided: Bool) -> Opening {
            Opening(
                requests, in: session, at: moment, keepingOut: keepingOut, leases: known.assumed.leases,
                isDecided: isDecided, time: configuration.time)
        }
        if mayBeDecided, needs.isEmpty, requests.allSatisfy({ $0.batch.allSatisfy(\.isPlain) }) {
            let (batch, decided) = try decide(requests, known, at: moment, in: session)
            if batch.needs.isEmpty, !batch.leavesOrphans {
                usesMemory = true
                let opening = opening(isDecided: true)
                return .sent(try send(batch, decided, for: requests, opening, isToBegin: true, in: session))
            }
        }
        var opening = opening(isDecided: false)
        var loader = FactLoader(session, waiting: waiting)
        loader.begin(with: known)
        try loader.load(needs, after: &opening)
        follow(opening.opened)
        let (batch, decided) = try decide(requests, &loader, at: opening.opened.now, in: session)
        if batch.leavesOrphans, !keepingOut {
            rollBack(session)
            return .mustKeepOut
        }
        return .sent(try send(batch, decided, for: requests, opening, isToBegin: false, in: session))
    }

    /// Sets the clock by a moment that the database has told.
    private func follow(_ opened: Opening.Opened) {
        guard case .database = configuration.time else { return }
        link.clock.follow(opened.now, between: opened.asked, and: PostgresClock.monotonic)
    }

    /// Decides a batch, and loads what it turns out to depend on.
    private func decide(
        _ requests: [CommitRequest], _ loader: inout FactLoader, at now: Timestamp, in session: PostgresSession
    ) throws -> (Batch, [[StoreResult]]) {
        for _ in 0..<Self.roundLimit {
            let (batch, results) = try decide(requests, loader.facts, at: now, in: session)
            if batch.needs.isEmpty { return (batch, results) }
            try loader.load(batch.needs)
        }
        throw StoreError(.misuse, "a batch depends on more and more facts: a record handler reads without end")
    }

    private func decide(
        _ requests: [CommitRequest], _ known: BatchFacts, at now: Timestamp, in session: PostgresSession
    ) throws -> (Batch, [[StoreResult]]) {
        var facts = known
        facts.sagaNumbers = session.spareSagaNumbers
        facts.epochs = session.spareEpochs
        let batch = Batch(
            facts, at: now, handlers: handlers, childSpacing: configuration.childSpacing, lastPlace: lastPlace,
            names: session.names, flows: session.flows)
        return (batch, try batch.decide(requests))
    }

    private func send(
        _ batch: Batch, _ decided: [[StoreResult]], for requests: [CommitRequest], _ opening: Opening,
        isToBegin: Bool, in session: PostgresSession
    ) throws -> TransactionUnderWay {
        let writing = try BatchWriting(
            batch, in: session, hasExpiredLeases: opening.opened.hasExpiredLeases,
            hasParents: !barriers.isEmpty, floors: link.floors)
        let openings = isToBegin ? opening.calls : []
        let calls = openings + writing.calls + [PostgresConnection.Call(Opening.commit)]
        let names = try session.connection.names(of: calls)
        lastPlace = max(lastPlace, batch.lastReadyPlace)
        do throws(PostgresError) {
            try session.connection.send(calls, names: names)
        } catch {
            // Whether the commit was among what has left is found out when its answer is read for.
            link.lost(session)
        }
        return TransactionUnderWay(
            requests: requests, session: session, batch: batch, decided: decided, writing: writing, opening: opening,
            openingCount: openings.count, usesMemory: usesMemory)
    }

    private func complete(_ sent: TransactionUnderWay, _ answers: ArraySlice<PostgresResult>) throws -> [[StoreResult]]
    {
        var results = sent.decided
        let session = sent.session
        let opened = opened(sent, answers)
        let transaction = opened.transaction ?? 0
        session.spareSagaNumbers.removeFirst(sent.batch.usedSagaNumbers)
        session.spareEpochs.removeFirst(sent.batch.usedEpochNumbers)
        note(Leftover(sent.batch, expired: sent.opening.opened.hasExpiredLeases))
        let written = Array(answers.dropFirst(sent.openingCount))
        let outcome = try sent.writing.complete(&results, from: written)
        let taken = memory.remember(sent.batch, outcome, as: transaction)
        if !sent.batch.changes.endedLeases.isEmpty { link.takenUp.forget() }
        link.takenUp.note(touched: sent.batch.sagas.keys, taken: taken)
        let started = sent.batch.changes.starts.lazy.compactMap { start in
            sent.batch.sagas[start.number].map { start.row(at: sent.batch.now, pivoted: $0.pivoted) }
        }
        link.journals.begin(started)
        link.journals.forget(sent.batch.sagas.values.lazy.filter(\.hasEnded).map(\.number))
        link.journals.extend(by: sent.batch.changes.entries.lazy.map { ($0.saga, $0.entry) })
        if let scribe = configuration.scribe {
            let operations = sent.decided.reduce(0) { $0 + $1.count }
            scribe(PostgresScript(sent.writing.calls, written, operations: operations, transaction: transaction))
        }
        return results
    }

    /// How a transaction began, when its beginning was answered with everything else.
    private func opened(_ sent: TransactionUnderWay, _ answers: ArraySlice<PostgresResult>) -> Opening.Opened {
        guard sent.openingCount > 0 else { return sent.opening.opened }
        var opening = sent.opening
        opening.take(answers.prefix(sent.openingCount))
        follow(opening.opened)
        return opening.opened
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
        lastPlace = max(lastPlace, left.lastPlace)
        barriers.add(left.parents)
        if left.sweepsParents { barriers.lookAtAll() }
        if left.wakesSagas { wakened() }
    }

    func rollBack(_ session: PostgresSession) {
        session.forget()
        guard session.connection.isAlive, session.connection.isInTransaction else { return }
        do {
            try session.connection.execute("ROLLBACK")
        } catch {
            link.lost(session)
        }
    }
}
