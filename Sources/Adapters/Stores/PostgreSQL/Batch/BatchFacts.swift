internal import SagaEngine

/// Where a notice and an expectation meet: the number of the source's name, and our reference.
struct MeetingPoint: Hashable {
    let source: Int64
    let reference: ByteText
}

/// What makes a notice the same notice: the number of the source's name, and the counterparty's id of it.
struct NoticeIdentity: Hashable {
    let source: Int64
    let id: ByteText
}

/// A value of the books: the number of the space's name, and the key.
struct BookKey: Hashable {
    let space: Int64
    let key: ByteText

    init(space: Int64, key: ByteText) {
        self.space = space
        self.key = key
    }

    /// `nil` where the space has no number yet.
    init?(_ place: ValuePlace, _ names: [ByteText: Int64]) {
        guard let space = names[place.space] else { return nil }
        self.init(space: space, key: place.key)
    }
}

/// What the database says that a batch depends on; what is not here has not been asked for.
struct BatchFacts {
    /// A lease that is neither released nor taken over.
    struct KnownLease: Equatable {
        let epoch: Int64
        let runner: String
        var expires: Timestamp
    }

    /// The effect that a reference is expected for.
    struct Expected: Equatable {
        let saga: SagaNumber
        let stage: Int64
        let refusals: Int64
    }

    /// One of the bodies stored under one id: variants from 0 up as they came, those in quarantine from -1 down.
    struct Body {
        let number: Int64
        var variant: Int64
        var standing: NoticeStanding
        let bytes: [UInt8]
        let claim: Notice.Claim?
    }

    /// A notice as it is stored, without its body.
    struct KnownNotice {
        let number: Int64
        var standing: NoticeStanding
        let identity: NoticeIdentity
        let point: MeetingPoint
        let claim: Notice.Claim?
        var saga: SagaNumber?
    }

    /// A saga that was started under an id.
    struct Started {
        let number: SagaNumber
        let parent: SagaNumber?
        /// The flow's name, whatever the version.
        let flow: String
        let input: [UInt8]
    }

    /// A journal entry that may say how an effect ended.
    struct Ending {
        let kind: EntryKind
        let stage: StageName
        let refusals: Int
        let body: [UInt8]
    }

    /// A value of the books and how often it has been written.
    struct Value {
        var bytes: [UInt8]
        let version: Int64
    }

    /// What is remembered, or taken to be absent, and has to be looked at when the batch is written.
    struct Assumed {
        /// Sagas whose rows still have the version that is remembered.
        var sagas: Set<SagaNumber> = []
        /// Sagas for which nothing has come that they have not looked at.
        var quiet: Set<SagaNumber> = []
        /// References that nobody expects, and no notice waits for.
        var points: Set<MeetingPoint> = []
        /// Notices of which nothing is there yet.
        var notices: Set<NoticeIdentity> = []
        /// Values that still have the version that is remembered, or are still absent.
        var values: Set<BookKey> = []
        /// Leases that count.
        var leases: Set<Int64> = []

        var isEmpty: Bool {
            sagas.isEmpty && quiet.isEmpty && points.isEmpty && notices.isEmpty && values.isEmpty && leases.isEmpty
        }
    }

    /// What is asked for by a key, and may turn out not to exist.
    typealias Table<Key: Hashable, Fact> = [Key: Fact?]

    var leases: Table<Int64, KnownLease> = [:]
    var leasesOfRunners: Table<ByteText, KnownLease> = [:]
    var sagas: Table<SagaNumber, BatchSaga> = [:]
    var started: Table<SagaID, Started> = [:]
    var expected: Table<MeetingPoint, Expected> = [:]
    /// Notices that stages have taken as evidence, by what they are about.
    var evidence: [MeetingPoint: [KnownNotice]] = [:]
    var bodies: [NoticeIdentity: [Body]] = [:]
    var notices: Table<Int64, KnownNotice> = [:]
    /// The numbers of sagas' fresh notices.
    var fresh: [SagaNumber: [Int64]] = [:]
    /// The numbers of notices that wait for an expectation.
    var orphans: [MeetingPoint: [Int64]] = [:]
    var endings: [SagaNumber: [Ending]] = [:]
    /// How many children of a saga have ended.
    var ended: [SagaNumber: Int64] = [:]
    var quarantined: [Int64: Int] = [:]
    /// How many conflicting notices of a source nobody has decided about.
    var conflicting: [Int64: Int] = [:]
    var values: Table<BookKey, Value> = [:]
    /// What of this was not read.
    var assumed = Assumed()
    /// Numbers that are nobody's yet.
    var sagaNumbers: [SagaNumber] = []
    var epochs: [Int64] = []
}

/// What a batch turned out to depend on and nobody has asked for yet.
struct BatchNeeds {
    var leases: Set<Int64> = []
    var runners: Set<ByteText> = []
    var sagas: Set<SagaNumber> = []
    var started: Set<SagaID> = []
    var points: Set<MeetingPoint> = []
    /// Points whose sagas are wanted, too, with what they have taken as evidence.
    var owners: Set<MeetingPoint> = []
    var bodies: Set<NoticeIdentity> = []
    var notices: Set<Int64> = []
    var fresh: Set<SagaNumber> = []
    var orphans: Set<MeetingPoint> = []
    var endings: Set<SagaNumber> = []
    var ended: Set<SagaNumber> = []
    var quarantined: Set<Int64> = []
    var conflicting: Set<Int64> = []
    var values: Set<BookKey> = []
    var names: Set<ByteText> = []
    /// How many new numbers are wanted beside those at hand.
    var sagaNumbers = 0
    var epochs = 0

    var isEmpty: Bool {
        leases.isEmpty && runners.isEmpty && sagas.isEmpty && started.isEmpty && points.isEmpty && owners.isEmpty
            && bodies.isEmpty
            && notices.isEmpty && fresh.isEmpty && orphans.isEmpty && endings.isEmpty && ended.isEmpty
            && quarantined.isEmpty && conflicting.isEmpty && values.isEmpty && names.isEmpty && sagaNumbers == 0
            && epochs == 0
    }
}

/// A fact that an operation depends on has not been asked for; it is in the batch's needs now.
struct FactMissing: Error {}
