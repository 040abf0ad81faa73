internal import SagaEngine

/// The statements that write a decided batch, in their order, and what their answers say about results.
struct BatchWriting {
    typealias Call = PostgresConnection.Call

    private let batch: Batch
    private let session: PostgresSession
    private let turn: Int64
    private(set) var calls: [Call] = []
    /// Where in ``calls`` the numbers of the notices that are kept are answered.
    private var noticesPlace: Int?
    /// Where it is answered which sagas sleep over notices that they have left, and which were asked about.
    private var sleepersPlace: Int?
    private var sleepers: [SagaNumber] = []
    /// Where claims are answered.
    private var claimPlaces: [Int] = []
    /// For which flows each claim is, and where it begins for each.
    private var claimRanges: [(flows: [Int64], floors: [Int64])] = []
    private let floors: ClaimFloors

    /// How many bits of a line's number are its place in its transaction.
    static let placeBits: Int64 = 20
    /// Whether parents are still to be looked after, so that a lease which is given up must not vanish.
    private let hasParents: Bool

    /// Puts the statements together.
    ///
    /// - Parameters:
    ///   - batch: What was decided.
    ///   - session: Where it is written.
    ///   - hasExpiredLeases: Whether there may be leases that are over.
    ///   - hasParents: Whether the writer still has parents to look after.
    ///   - floors: Where claims begin.
    /// - Throws: ``StoreError`` `misuse` when it is more than one transaction may hold.
    init(
        _ batch: Batch, in session: PostgresSession, hasExpiredLeases: Bool, hasParents: Bool, floors: ClaimFloors
    ) throws {
        self.batch = batch
        self.floors = floors
        self.hasParents = hasParents || !batch.changes.childEnds.isEmpty
        self.session = session
        turn = session.nextTurn()
        addGuards()
        try addSagas()
        addJournal()
        try addBooks()
        addInbox()
        addLeases()
        addClaims(hasExpiredLeases: hasExpiredLeases)
    }

    /// By what the transaction is found in the journal or among the prints; `nil` when it writes neither.
    var mark: TransactionMark? {
        guard !batch.changes.entries.isEmpty || !batch.changes.prints.isEmpty else { return nil }
        return TransactionMark(writer: session.writer, turn: turn)
    }

    private var now: PostgresParameter { .bigint(batch.now.milliseconds) }

    // MARK: - What is taken for granted

    /// Looks at what was taken from memory and is not written, so that nothing else would show it to be otherwise.
    private mutating func addGuards() {
        let assumed = batch.facts.assumed
        let unchanged = assumed.sagas.filter { batch.sagas[$0].map { $0.change == .none } ?? true }.sorted()
        if !unchanged.isEmpty {
            let versions = unchanged.map { (batch.facts.sagas[$0] ?? nil)?.version ?? 0 }
            calls.append(Call(Change.unchanged, .numbers(unchanged), .numbers(versions)))
        }
        let unwritten = assumed.values.filter { batch.changes.values[$0] == nil }
            .sorted { ($0.space, $0.key) < ($1.space, $1.key) }
        guard !unwritten.isEmpty else { return }
        calls.append(
            Call(
                Change.unwritten, .numbers(unwritten.map(\.space)), .texts(unwritten.map(\.key.rawValue)),
                .numbers(unwritten.map { (batch.facts.values[$0] ?? nil)?.version ?? 0 })))
    }

    // MARK: - Sagas

    private mutating func addSagas() throws {
        let started = Set(batch.changes.starts.map(\.number))
        if !batch.changes.starts.isEmpty { addStarts() }
        var new: [BatchSaga] = []
        var whole: [BatchSaga] = []
        var queued: [BatchSaga] = []
        var ended: [BatchSaga] = []
        for saga in batch.sagas.keys.sorted().compactMap({ batch.sagas[$0] }) {
            switch saga.change {
            case .end: ended.append(saga)
            case _ where started.contains(saga.number): new.append(saga)
            case .whole: whole.append(saga)
            case .queue: queued.append(saga)
            case .none: break
            }
        }
        if !new.isEmpty { calls.append(Call(Change.begin, all: [now] + columns(new))) }
        if !whole.isEmpty { calls.append(Call(Change.advance, all: [now] + columns(whole))) }
        if !queued.isEmpty { addQueued(queued) }
        if !ended.isEmpty { addEnded(ended, started) }
        try addStakes(of: new + whole + ended)
        let ends = batch.changes.childEnds.sorted { $0.key < $1.key }
        if !ends.isEmpty {
            calls.append(
                Call(
                    Change.childEnds, .bigint(session.writer), .numbers(ends.map(\.key)), .numbers(ends.map(\.value))))
        }
    }

    private mutating func addStarts() {
        let starts = batch.changes.starts
        var stages = PostgresArray(of: .bigint)
        var parents = PostgresArray(of: .bigint)
        var elements = PostgresArray(of: .text)
        var inputs = PostgresArray(of: .bytea)
        var flows: [Int64] = []
        for start in starts {
            let saga = batch.sagas[start.number]
            flows.append(saga?.flow ?? 0)
            parents.append(saga?.parent)
            stages.append(start.stage)
            elements.append(start.origin?.element.rawValue)
            inputs.append(start.seed.input)
        }
        calls.append(
            Call(
                Change.sagas, .numbers(starts.map(\.number)), .numbers(flows), .array(parents), .array(stages),
                .array(elements), .texts(starts.map(\.seed.id.rawValue)), .array(inputs), now))
    }

    private func columns(_ sagas: [BatchSaga]) -> [PostgresParameter] {
        var holders = PostgresArray(of: .bigint, capacity: sagas.count)
        var readies = PostgresArray(of: .bigint, capacity: sagas.count)
        var wakes = PostgresArray(of: .bigint, capacity: sagas.count)
        for saga in sagas {
            holders.append(saga.holder)
            readies.append(saga.ready)
            wakes.append(saga.wake?.milliseconds)
        }
        return [
            .numbers(sagas.map(\.number)), .numbers(sagas.map(\.flow)), .numbers(sagas.map(\.status.storeCode)),
            .numbers(sagas.map { Int64($0.sequence) }), .array(holders), .numbers(sagas.map(\.fence)),
            .array(readies), .array(wakes), .numbers(sagas.map(\.sleep.rawValue)),
            .numbers(sagas.map { $0.stirred ? 1 : 0 }), .numbers(sagas.map(\.spawned)), .numbers(sagas.map(\.lane)),
            .numbers(sagas.map { $0.pivoted ? 1 : 0 }), heads(sagas), bytes(sagas.map(\.exposures)),
            bytes(sagas.map(\.predicament)), .numbers(sagas.map(\.version)),
        ]
    }

    private func heads(_ sagas: [BatchSaga]) -> PostgresParameter {
        var heads = PostgresArray(of: .bytea, capacity: sagas.count * 3)
        for saga in sagas { saga.head.withBytes { heads.append(bytes: $0) } }
        return .array(heads)
    }

    /// Byte strings, the empty ones as NULL.
    private func bytes(_ values: [[UInt8]]) -> PostgresParameter {
        var array = PostgresArray(of: .bytea, capacity: values.count)
        for value in values {
            if value.isEmpty { array.appendNull() } else { array.append(value) }
        }
        return .array(array)
    }

    private mutating func addQueued(_ sagas: [BatchSaga]) {
        var holders = PostgresArray(of: .bigint)
        var readies = PostgresArray(of: .bigint)
        var wakes = PostgresArray(of: .bigint)
        for saga in sagas {
            holders.append(saga.holder)
            readies.append(saga.ready)
            wakes.append(saga.wake?.milliseconds)
        }
        calls.append(
            Call(
                Change.queue, .numbers(sagas.map(\.number)), .array(holders), .array(readies), .array(wakes),
                .numbers(sagas.map(\.sleep.rawValue)), .numbers(sagas.map { $0.stirred ? 1 : 0 }),
                .numbers(sagas.map(\.version))))
    }

    private mutating func addEnded(_ sagas: [BatchSaga], _ started: Set<SagaNumber>) {
        var outputs = PostgresArray(of: .bytea)
        for saga in sagas { outputs.append(batch.outputs[saga.number] ?? []) }
        // What begins and ends in one batch never has a row to lose.
        let rows = started.isEmpty ? sagas : sagas.filter { !started.contains($0.number) }
        if !rows.isEmpty {
            calls.append(Call(Change.end, .numbers(rows.map(\.number)), .numbers(rows.map(\.version))))
        }
        calls.append(
            Call(
                Change.finish, now, .numbers(sagas.map(\.number)), .numbers(sagas.map(\.flow)),
                .numbers(sagas.map(\.status.storeCode)), .numbers(sagas.map { Int64($0.sequence) }),
                .numbers(sagas.map(\.spawned)), .numbers(sagas.map { $0.pivoted ? 1 : 0 }), heads(sagas),
                bytes(sagas.map(\.exposures)), bytes(sagas.map(\.predicament)), .array(outputs)))
    }

    /// Adds to the writer's own totals what is at stake now and was not before.
    private mutating func addStakes(of sagas: [BatchSaga]) throws {
        var changes: [ByteText: Int128] = [:]
        func count(_ text: [UInt8], _ sign: Int128) throws {
            for exposure in try text.withUnsafeBytes({ try ExposureText.read($0) }) {
                changes[ByteText(exposure.asset), default: 0] += sign * exposure.amount
            }
        }
        for saga in sagas {
            let before = (batch.facts.sagas[saga.number] ?? nil)?.exposures ?? []
            guard before != saga.exposures else { continue }
            try count(before, -1)
            try count(saga.exposures, 1)
        }
        let sorted = changes.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        guard !sorted.isEmpty else { return }
        calls.append(
            Call(
                Change.stakes, .bigint(session.writer), .texts(sorted.map(\.key.rawValue)),
                .texts(sorted.map { "\($0.value)" })))
    }

    // MARK: - Journal and inbox

    private mutating func addJournal() {
        let entries = batch.changes.entries
        if !entries.isEmpty {
            var bodies = PostgresArray(of: .bytea, capacity: entries.count * 16)
            var links = PostgresArray(of: .bytea, capacity: entries.count * 3)
            for entry in entries {
                bodies.append(entry.entry.body)
                entry.entry.link.withBytes { links.append(bytes: $0) }
            }
            calls.append(
                Call(
                    Change.entries, .bigint(session.writer), .bigint(turn), .numbers(entries.map(\.saga)),
                    .numbers(entries.map { Int64($0.entry.sequence) }), .numbers(entries.map(\.place)),
                    .numbers(entries.map(\.stage)), .numbers(entries.map { Int64($0.entry.refusals) }),
                    .numbers(entries.map { Int64($0.entry.kind.rawValue) }),
                    .numbers(entries.map(\.entry.at.milliseconds)), .array(bodies), .array(links)))
        }
        let prints = batch.changes.prints
        guard !prints.isEmpty else { return }
        var sagas = PostgresArray(of: .text)
        for print in prints { sagas.append(print.print.saga?.rawValue) }
        calls.append(
            Call(
                Change.prints, .bigint(session.writer), .bigint(turn), now, .numbers(prints.map(\.place)),
                .array(sagas), .texts(prints.map { PrintText.write($0.print) })))
    }

    private mutating func addInbox() {
        let changes = batch.changes
        if !changes.expectations.isEmpty {
            let (points, expected) = (changes.expectations.map(\.point), changes.expectations.map(\.expected))
            let assumed = points.filter(batch.facts.assumed.points.contains)
            calls.append(
                Call(
                    Change.expectations, .numbers(points.map(\.source)), .texts(points.map(\.reference.rawValue)),
                    .numbers(expected.map(\.saga)), .numbers(expected.map(\.stage)),
                    .numbers(expected.map(\.refusals)), .numbers(assumed.map(\.source)),
                    .texts(assumed.map(\.reference.rawValue))))
        }
        if !changes.releases.isEmpty { addReleases() }
        if !changes.bindings.isEmpty {
            let bindings = changes.bindings.values.sorted { $0.number < $1.number }
            var sagas = PostgresArray(of: .bigint)
            var variants = PostgresArray(of: .bigint)
            for binding in bindings {
                sagas.append(binding.saga)
                variants.append(binding.variant)
            }
            calls.append(
                Call(
                    Change.bindings, .numbers(bindings.map(\.number)),
                    .numbers(bindings.map(\.standing.storeCode)), .array(sagas), .array(variants)))
        }
        // The last word about a notice counts.
        var uses: [Int64: Int64] = [:]
        for use in changes.uses where !changes.boundAfterUse.contains(use.number) {
            uses[use.number] = use.standing.storeCode
        }
        if !uses.isEmpty {
            let sorted = uses.sorted { $0.key < $1.key }
            calls.append(Call(Change.uses, .numbers(sorted.map(\.key)), .numbers(sorted.map(\.value))))
        }
        addSleepers()
        // What may fail comes before notices are given numbers.
        if !changes.keepings.isEmpty { addNotices() }
        if !changes.adoptions.isEmpty {
            let points = changes.adoptions.map(\.point)
            calls.append(
                Call(
                    Change.adoptions, .numbers(points.map(\.source)), .texts(points.map(\.reference.rawValue)),
                    .numbers(changes.adoptions.map(\.saga))))
        }
    }

    private mutating func addSleepers() {
        // The rows of sagas that were not read under their lock are locked by now: what came meanwhile is there.
        let assumed = batch.facts.assumed
        let sleepers = batch.changes.sleepers.filter { number, _ in
            assumed.sagas.contains(number) || assumed.quiet.contains(number)
        }.filter { batch.sagas[$0.key]?.sleep.contains(.onNotice) == true }.sorted { $0.key < $1.key }
        guard !sleepers.isEmpty else { return }
        sleepersPlace = calls.count
        self.sleepers = sleepers.map(\.key)
        calls.append(Call(Change.unseen, .numbers(self.sleepers), .numbers(sleepers.map(\.value))))
    }

    private mutating func addNotices() {
        let keepings = batch.changes.keepings
        var sagas = PostgresArray(of: .bigint)
        var claims = PostgresArray(of: .bytea)
        var bodies = PostgresArray(of: .bytea)
        for keeping in keepings {
            sagas.append(keeping.saga)
            claims.append(ClaimText.write(keeping.notice.claim))
            bodies.append(keeping.notice.body)
        }
        let assumed = keepings.map { NoticeIdentity(source: $0.source, id: ByteText($0.notice.id)) }
            .filter(batch.facts.assumed.notices.contains)
        noticesPlace = calls.count
        calls.append(
            Call(
                Change.notices, now, .numbers(keepings.map(\.standing.storeCode)), .array(sagas),
                .numbers(keepings.map(\.source)), .numbers(keepings.map(\.variant)), .texts(keepings.map(\.notice.id)),
                .texts(keepings.map(\.notice.claim.reference)), .array(claims), .texts(keepings.map(\.notice.headers)),
                .array(bodies), .numbers(assumed.map(\.source)), .texts(assumed.map(\.id.rawValue))))
    }

    private mutating func addReleases() {
        let releases = batch.changes.releases
        var sagas = PostgresArray(of: .bigint)
        var claims = PostgresArray(of: .bytea)
        for release in releases {
            sagas.append(release.saga)
            claims.append(ClaimText.write(release.notice.claim))
        }
        calls.append(
            Call(
                Change.releases, .numbers(releases.map(\.number)), .numbers(releases.map(\.standing.storeCode)),
                .array(sagas), .numbers(releases.map(\.variant)), .texts(releases.map(\.notice.claim.reference)),
                .array(claims), .texts(releases.map(\.notice.headers))))
    }

    // MARK: - Books, leases, claims

    private mutating func addBooks() throws {
        let values = batch.changes.values.sorted { ($0.key.space, $0.key.key) < ($1.key.space, $1.key.key) }
        if !values.isEmpty {
            var bytes = PostgresArray(of: .bytea)
            for value in values { bytes.append(value.value.bytes) }
            calls.append(
                Call(
                    Change.values, .numbers(values.map(\.key.space)), .texts(values.map(\.key.key.rawValue)),
                    .numbers(values.map(\.value.version)), .array(bytes)))
        }
        let lines = batch.changes.lines
        guard !lines.isEmpty else { return }
        var bodies = PostgresArray(of: .bytea)
        for line in lines { bodies.append(line.body) }
        guard lines.count < 1 << Self.placeBits else {
            throw StoreError(.misuse, "a batch adds more than \(1 << Self.placeBits) lines to the books")
        }
        calls.append(
            Call(
                Change.lines, .numbers(lines.indices.map(Int64.init)), .numbers(lines.map(\.log)),
                .texts(lines.map(\.key)),
                .texts(lines.map(\.cause.saga.rawValue)),
                .numbers(lines.map(\.stage)), .numbers(lines.map(\.cause.at.milliseconds)), .array(bodies),
                .bigint(session.bookBase)))
    }

    private mutating func addLeases() {
        let changes = batch.changes
        for reason in changes.lives {
            calls.append(
                Call(
                    Change.life, now, .text(reason), .text(session.lineage.system), .text(session.lineage.timeline)))
        }
        // A runner may give its lease up and get a new one at once; it never has two.
        let ended = changes.endedLeases.sorted { $0.key < $1.key }
        if !ended.isEmpty {
            calls.append(Call(Claiming.give, .numbers(ended.map(\.key)), .numbers(ended.map(\.value))))
            calls.append(Call(hasParents ? Claiming.leave : Claiming.drop, .numbers(ended.map(\.key))))
        }
        if !changes.grants.isEmpty {
            calls.append(
                Call(
                    Change.grants, .numbers(changes.grants.map(\.epoch)), .texts(changes.grants.map(\.runner)),
                    .numbers(changes.grants.map(\.expires.milliseconds)), now))
        }
        let renewals = changes.renewals.sorted { $0.key < $1.key }
        if !renewals.isEmpty {
            calls.append(
                Call(
                    Change.renewals, .numbers(renewals.map(\.key)), .numbers(renewals.map(\.value.milliseconds))))
        }
    }

    private mutating func addClaims(hasExpiredLeases: Bool) {
        if hasExpiredLeases, !batch.changes.claims.isEmpty {
            calls.append(Call(Claiming.close, now))
            calls.append(Call(Claiming.bury, now))
            // What one lease held comes before what the next one did.
            let place = batch.nextPlace()
            for _ in 0..<8 { _ = batch.nextPlace() }
            calls.append(Call(Claiming.free, .bigint(place)))
            calls.append(Call(Claiming.forget))
        }
        for claiming in batch.changes.claims {
            let flows = claiming.claim.flows.compactMap { session.flows[$0] }.sorted()
            let limit = PostgresParameter.bigint(Int64(max(0, claiming.claim.limit)))
            let begins = floors.begin(flows, at: batch.now)
            claimPlaces.append(calls.count)
            claimRanges.append((flows, begins))
            calls.append(
                Call(Claiming.take, .numbers(flows), limit, .bigint(claiming.epoch), now, .numbers(begins)))
        }
    }

    // MARK: - Answers

    /// Completes the results with what the server has answered.
    ///
    /// - Returns: What this process knows by the answers.
    func complete(_ results: inout [[StoreResult]], from answers: [PostgresResult]) throws -> BatchOutcome {
        let numbers = noticesPlace.map { place in answers[place].rows.map { $0.int64(0) } } ?? []
        Self.number(&results, by: numbers)
        floors.lower(batch.lowestPlaces)
        var claimed: [BatchOutcome.Claimed] = []
        for (index, claiming) in batch.changes.claims.enumerated() {
            let taken = try answers[claimPlaces[index]].rows.map { row in
                (
                    place: row.int64(BatchSaga.columnCount), saga: try BatchSaga(row),
                    before: row.int64(BatchSaga.columnCount + 1)
                )
            }
            let (flows, begins) = claimRanges[index]
            let isAll = taken.count < claiming.claim.limit
            floors.claimed(flows, from: begins, upTo: isAll ? nil : taken.map(\.place).max() ?? .min, at: batch.now)
            let ordered = taken.sorted { ($0.place, $0.saga.number) < ($1.place, $1.saga.number) }
            results[claiming.request][claiming.operation] = .claimed(
                ordered.map { Claim(number: $0.saga.number, fence: $0.saga.fence) })
            claimed += ordered.map { BatchOutcome.Claimed(saga: $0.saga, before: $0.before) }
        }
        var sleeping = Set(sleepers)
        if let sleepersPlace { for row in answers[sleepersPlace].rows { sleeping.remove(row.int64(0)) } }
        return BatchOutcome(noticeNumbers: numbers, sleeping: sleeping, claimed: claimed)
    }

    /// Puts the numbers of notices where their places stand for them.
    static func number(_ results: inout [[StoreResult]], by numbers: [Int64]) {
        func real(_ number: Int64) -> Int64 {
            let place = Int(-1 - number)
            return number < 0 && place < numbers.count ? numbers[place] : number
        }
        for request in results.indices {
            for operation in results[request].indices {
                switch results[request][operation] {
                case .noticed(let number, let standing, let saga) where number < 0:
                    results[request][operation] = .noticed(real(number), standing: standing, saga: saga)
                case .duplicate(let number) where number < 0:
                    results[request][operation] = .duplicate(real(number))
                case .submitted, .exists, .appended, .fenced, .stale, .busy, .violated, .noticed, .duplicate, .full,
                    .claimed, .leased, .done, .missing:
                    break
                }
            }
        }
    }
}

/// What the answers to a batch's writes tell.
struct BatchOutcome {
    /// A saga that was claimed, as it stands now, and the version that its row had before.
    struct Claimed {
        let saga: BatchSaga
        let before: Int64
    }

    /// The numbers of the notices that were kept, in the order of ``BatchChanges/keepings``.
    let noticeNumbers: [Int64]
    /// Sagas that were put to sleep while no notice waited for them.
    let sleeping: Set<SagaNumber>
    let claimed: [Claimed]
}

/// What entries and prints say of the transaction that wrote them.
struct TransactionMark {
    /// The connection's number.
    let writer: Int64
    /// Which of the connection's transactions.
    let turn: Int64
}
