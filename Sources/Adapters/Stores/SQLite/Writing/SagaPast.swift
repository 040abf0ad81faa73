internal import SagaEngine

/// All that is stored of a saga beside what its row needs to be written: kept from its start on, so that a saga which
/// is taken up again is not read back (ADR 18).
///
/// The writer changes it in place when it writes the same to the database; a past that anything has happened to which
/// is not noted here is dropped, and its saga is read as any other.
final class SagaPast {
    let number: SagaNumber
    let id: SagaID
    private let flow: FlowID
    private let input: [UInt8]
    private let parent: SagaID?
    private let origin: SagaRow.Origin?
    private let genesis: ChainLink
    private let createdAt: Timestamp

    /// What its row says of it.
    private(set) var standing: Standing
    private var updatedAt: Timestamp
    private var journal: [JournalEntry] = []
    /// Its notices that no stage has decided about, in their order and without their bodies.
    private var fresh: [StoredNotice] = []
    /// What the notices that a stage has decided about were about; few, so that looking through them costs less than
    /// hashing them.
    private var decided: [SentReference] = []
    /// The highest number among its notices.
    private var lastNotice: Int64 = 0

    /// Whether it was offered to whoever loads its claim, and nothing has happened to it since.
    var isOffered = false

    /// About what it takes in memory.
    private(set) var byteCount: Int
    /// The same when it was counted last.
    private(set) var countedBytes: Int

    /// What a saga, an entry or a notice takes beside its bytes.
    private static let overhead = 160

    /// The past of a saga that starts now.
    init(
        of new: NewSaga, _ number: SagaNumber, under parent: SagaID?, _ origin: SagaRow.Origin?, _ standing: Standing,
        at now: Timestamp
    ) {
        self.number = number
        id = new.id
        flow = new.flow
        input = new.input
        self.parent = parent
        self.origin = origin
        genesis = new.genesis
        createdAt = now
        self.standing = standing
        updatedAt = now
        byteCount = 3 * Self.overhead + new.input.count
        countedBytes = byteCount
    }

    /// What it takes in memory, which is what it counts for from now on.
    func count() -> Int {
        countedBytes = byteCount
        return byteCount
    }

    // MARK: What happens to it

    /// Its journal goes on.
    func append(_ entry: JournalEntry) {
        journal.append(entry)
        byteCount += Self.overhead + entry.body.count
    }

    /// Its row is written.
    func stand(_ standing: Standing, at now: Timestamp) {
        self.standing = standing
        updatedAt = now
    }

    /// A notice is kept for it; `false` when so many wait that they are better read: a turn looks at a page of them.
    func keep(_ notice: Notice, as number: Int64, _ standing: NoticeStanding, at now: Timestamp) -> Bool {
        lastNotice = max(lastNotice, number)
        guard standing == .fresh else { return true }
        guard fresh.count < NoticePage.limit else { return false }
        let bare = Notice(
            source: notice.source, id: notice.id, claim: notice.claim, body: [], headers: notice.headers)
        fresh.append(StoredNotice(number: number, notice: bare, receivedAt: now, standing: .fresh, saga: id))
        byteCount += 4 * Self.overhead + notice.headers.utf8.count
        return true
    }

    /// A stage has decided about a notice; `false` when it cannot be noted here, or so many have been noted that they
    /// are better read.
    func use(_ use: NoticeUse) -> Bool {
        guard use.standing != .fresh, decided.count < NoticePage.limit,
            let index = fresh.firstIndex(where: { $0.number == use.number })
        else { return false }
        decided.append(fresh.remove(at: index).notice.reference)
        return true
    }

    // MARK: What is asked of it

    /// Whether a notice that no stage has decided about has a higher number.
    func hasFreshNotice(after seen: Int64) -> Bool {
        fresh.contains { $0.number > seen }
    }

    /// Whether a stage has decided about a notice about the same.
    func hasDecided(about reference: SentReference) -> Bool {
        decided.contains(reference)
    }

    /// The saga as it is read back for a claim.
    func loaded(for claim: Claim, openChildren: Int64) -> LoadedSaga {
        var page = NoticePage()
        for notice in fresh where page.hasRoom(for: notice.number, about: notice.notice.reference) {
            page.take(notice)
        }
        let row = SagaRow(
            number: number, id: id, flow: flow, input: input, parent: parent, origin: origin, sequence: journal.count,
            head: journal.last?.link ?? genesis, standing: standing, wakeAt: nil, openChildren: Int(openChildren),
            output: nil, createdAt: createdAt, updatedAt: updatedAt)
        return LoadedSaga(
            claim: claim, row: row, journal: journal, notices: page.notices, firstLeftOut: page.firstLeftOut,
            lastNotice: lastNotice)
    }
}
