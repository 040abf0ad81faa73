/// A notice to be stored.
public struct NewNotice: Sendable, Equatable {
    /// The notice.
    public let notice: Notice
    /// `true` when its signature is right but its time or key is not: it is kept apart and wakes nobody.
    ///
    /// It takes no verified notice's place. When the same body arrives verified, the one in quarantine comes out as if
    /// it were new; another body under its id is a notice of its own.
    public let quarantined: Bool

    /// The most quarantined notices a store keeps; a further one is answered `full`.
    public static let quarantineLimit = 1_000

    /// The most conflicting notices a store keeps that nobody has decided about; a further one is answered `full`.
    public static let conflictLimit = 1_000

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
