internal import SagaEngine

/// What a batch writes, beside the sagas' rows.
struct BatchChanges {
    /// A journal entry; its place tells where in the batch it stands.
    struct Entry {
        let saga: SagaNumber
        let place: Int64
        let stage: Int64
        let entry: JournalEntry
    }

    /// A saga that is started.
    struct Start {
        let number: SagaNumber
        let seed: NewSaga
        let stage: Int64?
        let parent: SagaID?
        let origin: SagaRow.Origin?

        /// The saga's row as it is written at a moment.
        func row(at now: Timestamp, pivoted: Bool) -> SagaRow {
            SagaRow(
                number: number, id: seed.id, flow: seed.flow, input: seed.input, parent: parent, origin: origin,
                sequence: 0, head: seed.genesis, standing: Standing(status: .pending, pivoted: pivoted), wakeAt: nil,
                openChildren: 0, output: nil, createdAt: now, updatedAt: now)
        }
    }

    /// A notice that is kept.
    struct Keeping {
        let notice: Notice
        let source: Int64
        let variant: Int64
        var standing: NoticeStanding
        var saga: SagaNumber?
    }

    /// A notice that comes out of the quarantine: the delivery that verified is the evidence from now on.
    struct Release {
        let number: Int64
        let notice: Notice
        let source: Int64
        let variant: Int64
        let standing: NoticeStanding
        let saga: SagaNumber?
    }

    /// A notice that is given to a saga by a person; its variant, when it leaves the quarantine.
    struct Binding {
        let number: Int64
        let saga: SagaNumber?
        let standing: NoticeStanding
        let variant: Int64?
    }

    struct Print {
        let place: Int64
        let print: OperatorPrint
    }

    struct Line {
        let log: Int64
        let key: String
        let cause: RecordCause
        let stage: Int64
        let body: [UInt8]
    }

    /// A claim, to be carried out when everything else is written.
    struct Claiming {
        /// Where its result belongs.
        let request: Int
        let operation: Int
        let claim: ClaimRequest
        let epoch: Int64
    }

    var starts: [Start] = []
    var entries: [Entry] = []
    var expectations: [(point: MeetingPoint, expected: BatchFacts.Expected)] = []
    /// Expectations that notices waited for, and whose they become.
    var adoptions: [(point: MeetingPoint, saga: SagaNumber)] = []
    var uses: [(number: Int64, standing: NoticeStanding, saga: SagaNumber)] = []
    /// Notices that were bound after a stage had said what becomes of them.
    var boundAfterUse: Set<Int64> = []
    var keepings: [Keeping] = []
    var releases: [Release] = []
    /// By number: the last word about a notice counts.
    var bindings: [Int64: Binding] = [:]
    var prints: [Print] = []
    var lines: [Line] = []
    /// Values of the books, with how often each had been written before.
    var values: [BookKey: BatchFacts.Value] = [:]
    /// Sagas that go to sleep until a notice comes, and the last notice that their writers have looked at.
    var sleepers: [SagaNumber: Int64] = [:]
    /// How many children have ended, by parent.
    var childEnds: [SagaNumber: Int64] = [:]
    /// The place in the queue of each such parent, should none be left.
    var parentPlaces: [SagaNumber: Int64] = [:]
    var grants: [BatchFacts.KnownLease] = []
    var renewals: [Int64: Timestamp] = [:]
    /// Leases that are given up, and the place in the queue that what they hold gets.
    var endedLeases: [Int64: Int64] = [:]
    var lives: [String] = []
    var claims: [Claiming] = []
}
