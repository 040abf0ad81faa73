/// The store's own short number for a saga; stable for the saga's life.
public typealias SagaNumber = Int64

/// The name of one runner's life; a restarted process has a new one.
public struct RunnerID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name as text.
    public let rawValue: String

    /// Names a runner's life.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// The name as text.
    public var description: String { rawValue }
}

/// A runner's right to work on what it has claimed, until it expires.
public struct Lease: Sendable, Equatable {
    /// Whose it is.
    public let runner: RunnerID
    /// Rises with every lease the store has ever granted.
    public let epoch: Int64
    /// Until when, by the store's clock.
    public let expires: Timestamp

    /// Takes a lease as granted.
    public init(runner: RunnerID, epoch: Int64, expires: Timestamp) {
        self.runner = runner
        self.epoch = epoch
        self.expires = expires
    }
}

/// A request for a lease, or for more time on one.
public struct LeaseRequest: Sendable, Equatable {
    /// Who asks.
    public let runner: RunnerID
    /// How long the lease shall last from now.
    public let length: Span

    /// Asks for a lease.
    public init(runner: RunnerID, length: Span) {
        self.runner = runner
        self.length = length
    }
}

/// A request for sagas that have something to do and that the runner is able to run.
public struct ClaimRequest: Sendable, Equatable {
    /// How many at most.
    public let limit: Int
    /// The flows and versions that the runner knows; no other saga is ever claimed.
    public let flows: [FlowID]

    /// Asks for work.
    public init(limit: Int, flows: [FlowID]) {
        self.limit = limit
        self.flows = flows
    }
}

/// A saga taken, with the number that fences everybody who held it before.
public struct Claim: Sendable, Equatable {
    /// The saga.
    public let number: SagaNumber
    /// Rises with every claim of this saga.
    public let fence: Int64

    /// Takes a claim as granted.
    public init(number: SagaNumber, fence: Int64) {
        self.number = number
        self.fence = fence
    }
}

/// A saga to be started.
public struct NewSaga: Sendable, Equatable {
    /// Its id, unique for ever.
    public let id: SagaID
    /// The flow and version it runs under.
    public let flow: FlowID
    /// Its input as JSON.
    public let input: [UInt8]
    /// The journal's first link.
    public let genesis: ChainLink

    /// Describes a saga.
    public init(id: SagaID, flow: FlowID, input: [UInt8], genesis: ChainLink) {
        self.id = id
        self.flow = flow
        self.input = input
        self.genesis = genesis
    }
}

/// Child sagas to be started with an append, all of one stage.
public struct Spawn: Sendable, Equatable {
    /// The stage that starts them.
    public let stage: StageName
    /// Name and saga of each, in byte order of the names.
    public let children: [Child]
    /// Whether money may move in them at once, because their parent is past its point of no return.
    public let pivoted: Bool

    /// One child.
    public struct Child: Sendable, Equatable {
        /// The element it is for.
        public let element: ElementID
        /// The saga.
        public let saga: NewSaga

        /// Describes a child.
        public init(element: ElementID, saga: NewSaga) {
            self.element = element
            self.saga = saga
        }
    }

    /// Describes the children of a stage.
    public init(stage: StageName, children: [Child], pivoted: Bool) {
        self.stage = stage
        self.children = children
        self.pivoted = pivoted
    }
}

/// An extension of a saga's journal with everything that goes with it: the one write verb.
public struct Append: Sendable {
    /// The saga.
    public var saga: SagaNumber
    /// What entitles the writer.
    public var right: Right
    /// The new entries, in order.
    public var entries: [JournalEntry]
    /// What becomes of the saga.
    public var disposition: Disposition
    /// What the saga is about, for people and queries.
    public var standing: Standing
    /// What the new requests expect to be told.
    public var expectations: [Expectation]
    /// The standing that notices of this saga get, by number.
    public var notices: [NoticeUse]
    /// What is written to the books in the same transaction.
    public var records: [CausedRecord]
    /// Child sagas to start.
    public var spawn: Spawn?
    /// The highest number among the saga's notices that the writer has looked at; a higher one in the store means that
    /// the saga must not go to sleep.
    public var noticesSeen: Int64

    /// What entitles a writer to append.
    public enum Right: Sendable, Equatable {
        /// A claim under the batch's lease.
        case claim(fence: Int64)
        /// An operator's look at the saga: the last sequence number they saw. Refused while a runner holds the saga.
        case version(Int)
    }

    /// Puts an append together.
    public init(
        saga: SagaNumber, right: Right, entries: [JournalEntry], disposition: Disposition, standing: Standing,
        expectations: [Expectation] = [], notices: [NoticeUse] = [], records: [CausedRecord] = [], spawn: Spawn? = nil,
        noticesSeen: Int64 = 0
    ) {
        self.saga = saga
        self.right = right
        self.entries = entries
        self.disposition = disposition
        self.standing = standing
        self.expectations = expectations
        self.notices = notices
        self.records = records
        self.spawn = spawn
        self.noticesSeen = noticesSeen
    }
}

/// A record and the stage that causes it.
public struct CausedRecord: Sendable, Equatable {
    /// The record.
    public let record: Record
    /// Its cause.
    public let cause: RecordCause

    /// Ties a record to its cause.
    public init(record: Record, cause: RecordCause) {
        self.record = record
        self.cause = cause
    }
}

/// What becomes of a notice in an append.
public struct NoticeUse: Sendable, Equatable {
    /// The notice's number.
    public let number: Int64
    /// Its new standing.
    public let standing: NoticeStanding

    /// Decides about a notice.
    public init(number: Int64, standing: NoticeStanding) {
        self.number = number
        self.standing = standing
    }
}

/// What becomes of a saga with an append.
public enum Disposition: Sendable, Equatable {
    /// Its holder carries on.
    case carryOn
    /// It can be claimed at once.
    case release
    /// It sleeps until one of these.
    case sleep(Wake)
    /// It has ended with this output; its parent is told.
    case end(output: [UInt8])
}

/// What wakes a sleeping saga.
public struct Wake: Sendable, Equatable {
    /// At this moment, if any.
    public let at: Timestamp?
    /// When a notice for it is stored.
    public let onNotice: Bool
    /// When none of its children is left unfinished.
    public let onChildren: Bool

    /// Says what wakes a saga; nothing at all means only an operator does.
    public init(at: Timestamp? = nil, onNotice: Bool = false, onChildren: Bool = false) {
        self.at = at
        self.onNotice = onNotice
        self.onChildren = onChildren
    }
}

/// What a saga is about, as kept beside its journal for people and queries; the journal alone decides.
public struct Standing: Sendable, Equatable {
    /// The status that people see.
    public var status: SagaStatus
    /// What it waits for or why it is stuck, as JSON of ``Predicament``; empty when it is neither.
    public var predicament: [UInt8]
    /// What is at stake.
    public var exposures: [Exposure]
    /// Whether the point of no return is passed.
    public var pivoted: Bool

    /// Describes a saga.
    public init(status: SagaStatus, predicament: [UInt8] = [], exposures: [Exposure] = [], pivoted: Bool = false) {
        self.status = status
        self.predicament = predicament
        self.exposures = exposures
        self.pivoted = pivoted
    }
}

/// Where a saga stands. There is no other place: nothing is lost.
public enum SagaStatus: String, Sendable, Codable, CaseIterable {
    /// Not yet begun.
    case pending
    /// A runner is working on it, or will as soon as one is free.
    case running
    /// It waits for a notice, a moment, a retry or its children.
    case waiting
    /// It needs a person.
    case stuck
    /// It is being called off.
    case compensating
    /// It ended as meant.
    case completed
    /// It was called off and everything is put back.
    case cancelled
    /// Persons ended it, with evidence.
    case closed

    /// Whether nothing will ever change it again.
    public var isTerminal: Bool {
        switch self {
        case .completed, .cancelled, .closed: true
        case .pending, .running, .waiting, .stuck, .compensating: false
        }
    }
}

/// A notice to be stored.
public struct NewNotice: Sendable, Equatable {
    /// The notice.
    public let notice: Notice
    /// `true` when its signature is right but its time or key is not: it is kept apart and wakes nobody.
    public let quarantined: Bool

    /// The most quarantined notices a store keeps.
    public static let quarantineLimit = 1_000

    /// Describes a notice to be stored.
    public init(notice: Notice, quarantined: Bool = false) {
        self.notice = notice
        self.quarantined = quarantined
    }
}

/// A change of what a stored notice stands for, by an operator or by verifying it again.
public struct NoticeAssignment: Sendable, Equatable {
    /// The notice's number.
    public let number: Int64
    /// The saga it is for from now on; `nil` looks for the one that expects its reference.
    public let saga: SagaID?

    /// Binds a notice.
    public init(number: Int64, saga: SagaID?) {
        self.number = number
        self.saga = saga
    }
}

/// What an operator did or was refused; kept for ever in the audit chain.
public struct OperatorPrint: Sendable, Equatable, Codable {
    /// Who.
    public let actor: String
    /// In which role.
    public let role: String
    /// What: `retry`, `resume` and so on.
    public let action: String
    /// On which saga, if on one.
    public let saga: SagaID?
    /// Why, in the operator's words.
    public let reason: String
    /// The saga's last sequence number as the operator saw it.
    public let version: Int?
    /// `done`, or the code of the refusal.
    public let outcome: String
    /// What else there is to say, such as the stage, the line or the evidence's digest.
    public let detail: String

    /// Describes an operator's action.
    public init(
        actor: String, role: String, action: String, saga: SagaID?, reason: String, version: Int?, outcome: String,
        detail: String
    ) {
        self.actor = actor
        self.role = role
        self.action = action
        self.saga = saga
        self.reason = reason
        self.version = version
        self.outcome = outcome
        self.detail = detail
    }
}

/// An operator's print with its place and time.
public struct StoredPrint: Sendable, Equatable {
    /// Its place among all prints.
    public let number: Int64
    /// When, by the store's clock.
    public let at: Timestamp
    /// The print.
    public let print: OperatorPrint

    /// Takes a print as stored.
    public init(number: Int64, at: Timestamp, print: OperatorPrint) {
        self.number = number
        self.at = at
        self.print = print
    }
}
