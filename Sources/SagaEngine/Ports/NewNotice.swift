/// A notice to be stored.
public struct NewNotice: Sendable, Equatable {
    /// The notice.
    public let notice: Notice
    /// Why it is kept apart and wakes nobody; `nil` when it is verified.
    ///
    /// It takes no verified notice's place. When the same body arrives verified, the one in quarantine comes out as if
    /// it were new; another body under its id is a notice of its own.
    public let quarantine: Quarantine?

    /// Whether it is kept apart.
    public var isQuarantined: Bool { quarantine != nil }

    /// The most quarantined notices of one source that a store keeps; a further one is answered `full`.
    public static let quarantineLimit = 1_000

    /// How many quarantined notices of its source leave no room for one more that anybody could have sent.
    public static let unknownKeyLimit = 500

    /// Why a notice is kept apart.
    public enum Quarantine: Sendable, Equatable, CaseIterable {
        /// Its signature is right, its time is not.
        case stale
        /// It names a key that we do not hold, so nobody knows who sent it.
        case unknownKey

        /// How many quarantined notices of its source leave no room for one more of this kind.
        ///
        /// Anybody who reaches the port can send under unknown keys, so those never take the half that is kept for what
        /// the counterparty itself has signed.
        public var limit: Int {
            switch self {
            case .stale: NewNotice.quarantineLimit
            case .unknownKey: NewNotice.unknownKeyLimit
            }
        }
    }

    /// The most conflicting notices of one source that a store keeps and that nobody has decided about.
    ///
    /// A further one is answered `full`, unless it says the opposite of how an effect has ended: nothing crowds that
    /// out, since it holds up payments.
    public static let conflictLimit = 1_000

    /// The most other bodies under one id of a source that a store keeps and that nobody has decided about.
    ///
    /// A further one is answered `full`. One that says the opposite of how an effect has ended counts for itself: it
    /// finds room unless as many that say the same of the same reference stand already.
    public static let otherBodyLimit = 8

    /// Describes a notice to be stored.
    public init(notice: Notice, quarantine: Quarantine? = nil) {
        self.notice = notice
        self.quarantine = quarantine
    }
}

/// A change of what a stored notice stands for, by an operator or by verifying it again.
public struct NoticeAssignment: Sendable, Equatable {
    /// The notice's number.
    public let number: Int64
    /// The saga it is for from now on; `nil` looks for the one that expects its reference.
    public let saga: SagaID?
    /// What the person did who wants this: kept in the same transaction, and only if the notice is bound.
    public let print: OperatorPrint?

    /// Binds a notice.
    public init(number: Int64, saga: SagaID?, print: OperatorPrint? = nil) {
        self.number = number
        self.saga = saga
        self.print = print
    }
}
