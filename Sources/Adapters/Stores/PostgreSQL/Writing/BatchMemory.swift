internal import SagaEngine

/// What this process knows of the database from its own commits, so that most batches need not ask before they write.
///
/// Nothing of it counts by itself. Whatever a batch takes from here (``BatchFacts/Assumed``) is looked at by the
/// statements that write it, under the locks that writing takes: a saga's row and a value of the books by their
/// versions, a lease by the database's clock, and that there is no such notice or expectation yet. What turns out to be
/// otherwise makes the batch begin again, with everything read.
struct BatchMemory {
    /// About how many sagas are remembered at least: some are taken from a runner without its being told, and most of
    /// those that sleep are woken by somebody. Of what is of use for a moment only less is remembered: what is left
    /// behind costs more than it saves.
    static let limit = 8_192
    /// How many batches are decided by what they have read after something was remembered wrongly, unless it is told
    /// otherwise: where other runners change the same rows all the time, remembering costs more than it saves.
    static let usualDoubt = 8
    private static let leaseLimit = 64
    /// A saga that is to be woken this soon is not remembered as asleep: somebody may be claiming it.
    private static let drowse = Span.seconds(1)

    private var sagas = RecentTable<SagaNumber, Remembered>(limit: limit)
    /// What references are expected for. Such a row is written once and stays as it is.
    private var expected = RecentTable<MeetingPoint, BatchFacts.Expected>(limit: limit / 2)
    /// Notices that this process has kept: what comes once more is compared with what is there.
    private var kept = RecentTable<NoticeIdentity, Void>(limit: limit / 8)
    private var values = RecentTable<BookKey, BatchFacts.Value>(limit: limit / 8)
    private var newValues = NewValues()
    private var leases: [Int64: BatchFacts.KnownLease] = [:]
    private let doubtLength: Int
    private var doubtfulBatches = 0
    private var connection = 0

    init(doubting doubtLength: Int = usualDoubt) {
        self.doubtLength = doubtLength
    }

    /// What is known of a saga.
    private struct Remembered {
        var row: BatchSaga
        /// What waits for it, where this process has started it or put it to sleep.
        var waiting: Waiting?
        /// Whether it is in hands and this process has kept notices for it meanwhile: it is not quiet.
        var isHeard = false
    }

    /// What has come for a saga since it was started or put to sleep, as long as nobody else has touched its row.
    private struct Waiting {
        /// The version that its row has.
        var version: Int64
        /// The last notice that the saga has looked at; it has left none.
        let seen: Int64
        var notices: [StoredNotice] = []
    }

    // MARK: - Recalling

    /// Whether the next batch may be decided without asking.
    var isReliable: Bool { doubtfulBatches == 0 }

    /// What is known of what batches depend on.
    ///
    /// - Parameters:
    ///   - requests: The batches.
    ///   - names: The numbers of the names that are known.
    ///   - busy: Sagas that transactions under way may be changing.
    ///   - now: The moment.
    /// - Returns: The facts, and which of them were not read.
    mutating func facts(
        for requests: [CommitRequest], names: [ByteText: Int64], besides busy: [[SagaNumber: BatchSaga]],
        at now: Timestamp
    ) -> BatchFacts {
        var facts = BatchFacts()
        var others: Set<SagaNumber> = []
        for request in requests {
            for case .append(let append) in request.batch {
                if let known = sagas[append.saga], Self.suffices(known.row, for: append, under: request.lease) {
                    facts.sagas[append.saga] = known.row
                    if isReliable, !known.isHeard, append.sleepsOverNotices {
                        facts.fresh[append.saga] = []
                        facts.assumed.quiet.insert(append.saga)
                    }
                } else {
                    others.insert(append.saga)
                }
            }
        }
        for saga in others where facts.sagas.removeValue(forKey: saga) != nil {
            facts.fresh[saga] = nil
            facts.assumed.quiet.remove(saga)
        }
        if doubtfulBatches > 0 {
            doubtfulBatches -= 1
        } else {
            for request in requests {
                if let lease = request.lease, let known = leases[lease.epoch], known.expires > now {
                    facts.leases[lease.epoch] = known
                    facts.assumed.leases.insert(lease.epoch)
                }
                for place in request.reads {
                    guard let key = BookKey(place, names) else { continue }
                    let value = values[key]
                    guard value != nil || newValues.areExpected(in: key.space) else { continue }
                    facts.values[key] = value
                    facts.assumed.values.insert(key)
                }
                for operation in request.batch {
                    switch operation {
                    case .append(let append) where facts.sagas[append.saga] != nil:
                        recall(append.expectations, names, &facts)
                    case .notice(let new): recall(new, names, besides: others, busy, at: now, &facts)
                    default: break
                    }
                }
            }
        }
        facts.assumed.sagas = Set(facts.sagas.keys)
        return facts
    }

    /// Whether an append can be decided by what is remembered of its saga: it is held as the append's writer says, and
    /// nothing that it depends on may change without its row, except for notices, which are looked for once more when
    /// the row is written.
    private static func suffices(_ saga: BatchSaga, for append: Append, under lease: Lease?) -> Bool {
        guard case .claim(let fence) = append.right, let lease, saga.holder == lease.epoch, saga.fence == fence else {
            return false
        }
        if case .sleep(let wake) = append.disposition { return !wake.onChildren }
        return true
    }

    private func recall(_ expectations: [Expectation], _ names: [ByteText: Int64], _ facts: inout BatchFacts) {
        for expectation in expectations {
            guard let source = names[ByteText(expectation.source.rawValue)] else { continue }
            let point = MeetingPoint(source: source, reference: ByteText(expectation.reference))
            if let known = expected[point] {
                facts.expected[point] = known
            } else {
                facts.expected[point] = .some(nil)
                facts.orphans[point] = []
                facts.assumed.points.insert(point)
            }
        }
    }

    /// A notice is decided by what is remembered when it is the first about what a sleeping saga waits for.
    private func recall(
        _ new: NewNotice, _ names: [ByteText: Int64], besides others: Set<SagaNumber>,
        _ busy: [[SagaNumber: BatchSaga]], at now: Timestamp, _ facts: inout BatchFacts
    ) {
        guard new.quarantine == nil, let source = names[ByteText(new.notice.source.rawValue)] else { return }
        let identity = NoticeIdentity(source: source, id: ByteText(new.notice.id))
        let point = MeetingPoint(source: source, reference: ByteText(new.notice.claim.reference))
        guard kept[identity] == nil, let meeting = expected[point], !busy.contains(where: { $0[meeting.saga] != nil }),
            !others.contains(meeting.saga), let saga = sagas[meeting.saga]?.row, saga.sleep.contains(.onNotice),
            saga.wake.map({ $0 > now + Self.drowse }) ?? true, saga.unanswered.contains(point)
        else { return }
        facts.bodies[identity] = []
        facts.expected[point] = meeting
        facts.sagas[saga.number] = saga
        facts.assumed.notices.insert(identity)
    }

    // MARK: - Remembering

    /// Remembers what a transaction has left behind and what it has claimed.
    ///
    /// - Parameters:
    ///   - batch: What was decided.
    ///   - outcome: What was answered.
    ///   - transaction: The transaction's number.
    /// - Returns: The claimed sagas of which everything is known but their journals.
    mutating func remember(
        _ batch: Batch, _ outcome: BatchOutcome, as transaction: Int64
    ) -> [TakenUpSagas.TakenUp] {
        let changes = batch.changes
        guard changes.endedLeases.isEmpty, changes.lives.isEmpty else {
            forget()
            return []
        }
        if leases.count > Self.leaseLimit { leases = [:] }
        for case (let epoch, let lease?) in batch.facts.leases { leases[epoch] = lease }
        for (epoch, expires) in changes.renewals { leases[epoch]?.expires = expires }
        let version = BatchSaga.version(of: transaction)
        let started = Set(changes.starts.map(\.number))
        for var saga in batch.sagas.values {
            guard !saga.hasEnded else {
                sagas[saga.number] = nil
                continue
            }
            let known = sagas[saga.number]
            let isNew = started.contains(saga.number)
            var waiting = known?.waiting
            if outcome.sleeping.contains(saga.number) {
                waiting = Waiting(version: version, seen: changes.sleepers[saga.number] ?? 0)
            } else if isNew {
                waiting = saga.sequence == 0 ? Waiting(version: version, seen: 0) : nil
            } else if saga.change == .queue, waiting?.version == saga.version {
                waiting?.version = version
            } else if saga.change > .none {
                waiting = nil
            }
            if saga.change == .whole || isNew { saga.updated = batch.now }
            if saga.change > .none || isNew { saga.version = version }
            saga.change = .none
            let isHeard = saga.holder != nil && known?.isHeard == true
            sagas[saga.number] = Remembered(row: saga, waiting: waiting, isHeard: isHeard)
        }
        rememberNotices(of: batch, outcome.noticeNumbers)
        var taken: [TakenUpSagas.TakenUp] = []
        for claimed in outcome.claimed {
            var saga = claimed.saga
            saga.version = version
            let known = sagas[saga.number]
            sagas[saga.number] = Remembered(row: saga, waiting: nil, isHeard: known?.isHeard == true)
            guard let waiting = known?.waiting, waiting.version == claimed.before, saga.spawned == 0,
                let lease = saga.holder.flatMap({ leases[$0] })
            else { continue }
            taken.append(
                TakenUpSagas.TakenUp(
                    saga: saga, notices: waiting.notices,
                    lastNotice: max(waiting.seen, waiting.notices.last?.number ?? 0), heldUntil: lease.expires))
        }
        for (point, meeting) in changes.expectations { expected[point] = meeting }
        for keeping in changes.keepings {
            kept[NoticeIdentity(source: keeping.source, id: ByteText(keeping.notice.id))] = ()
        }
        for (key, value) in batch.facts.values {
            if !batch.facts.assumed.values.contains(key) { newValues.note(in: key.space, isAbsent: value == nil) }
            if let value, changes.values[key] == nil { values[key] = value }
        }
        for (key, value) in changes.values {
            values[key] = BatchFacts.Value(bytes: value.bytes, version: value.version + 1)
        }
        return taken
    }

    /// Adds notices to what waits for their sagas, as long as nobody holds them. More than a saga is shown at a time
    /// are not remembered.
    private mutating func rememberNotices(of batch: Batch, _ numbers: [Int64]) {
        let changes = batch.changes
        let others = changes.releases.compactMap(\.saga) + changes.bindings.values.compactMap(\.saga)
        for saga in others + changes.adoptions.map(\.saga) { sagas[saga]?.waiting = nil }
        for (number, keeping) in zip(numbers, changes.keepings) {
            guard let saga = keeping.saga, keeping.standing == .fresh, var known = sagas[saga] else { continue }
            if batch.sagas[saga]?.change == .queue, known.waiting?.notices.count ?? 0 < NoticePage.limit {
                let notice = keeping.notice
                known.waiting?.notices.append(
                    StoredNotice(
                        number: number,
                        notice: Notice(
                            source: notice.source, id: notice.id, claim: notice.claim, body: [],
                            headers: notice.headers),
                        receivedAt: batch.now, standing: .fresh, saga: known.row.id))
            } else {
                known.waiting = nil
                if known.row.holder != nil { known.isHeard = true }
            }
            sagas[saga] = known
        }
    }

    /// Forgets everything that another may have changed.
    mutating func forget() {
        sagas.removeAll()
        values.removeAll()
        leases = [:]
    }

    /// Forgets what has turned out to be wrong, and relies on nothing for a while.
    ///
    /// - Parameter facts: What the batch was decided by that failed, when that was known.
    mutating func doubt(_ facts: BatchFacts? = nil) {
        forget()
        let absent = facts?.assumed.values.filter { facts?.values[$0].map { $0 == nil } ?? false } ?? []
        newValues.doubt(spaces: Set(absent.map(\.space)))
        doubtfulBatches = doubtLength
    }

    /// Forgets everything when it is of another connection: that one may lead to another history, where the same
    /// numbers stand for other things.
    mutating func keep(to connection: Int) {
        guard self.connection != connection else { return }
        forget()
        expected.removeAll()
        kept.removeAll()
        newValues = NewValues()
        self.connection = connection
    }
}

extension Append {
    /// Whether a notice is to wake its saga.
    fileprivate var sleepsOverNotices: Bool {
        if case .sleep(let wake) = disposition { wake.onNotice } else { false }
    }
}
