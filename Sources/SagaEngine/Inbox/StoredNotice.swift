/// A notice with the number the store gave it, in order of arrival.
public struct StoredNotice: Sendable, Equatable {
    /// The store's number, rising with arrival.
    public let number: Int64
    /// The notice.
    public let notice: Notice
    /// When it was stored.
    public let receivedAt: Timestamp
    /// What has become of it.
    public let standing: NoticeStanding
    /// The saga it is for; `nil` when it is for none.
    public let saga: SagaID?

    /// Takes a notice as stored.
    public init(
        number: Int64, notice: Notice, receivedAt: Timestamp, standing: NoticeStanding, saga: SagaID? = nil
    ) {
        self.number = number
        self.notice = notice
        self.receivedAt = receivedAt
        self.standing = standing
        self.saga = saga
    }
}

/// What has become of a stored notice. Nothing is discarded.
public enum NoticeStanding: String, Sendable, Codable, CaseIterable {
    /// Its saga has not looked at it yet.
    case fresh
    /// A stage took it as its evidence.
    case consumed
    /// It said nothing final, or came when its stage was already settled.
    case late
    /// It contradicts what its stage expected; its saga is stuck.
    case mismatched
    /// It contradicts one that came before: another body under its id, or the opposite of what a stage has taken as
    /// its evidence. What was proved stays proved; a person clears it up with the counterparty.
    case conflicting
    /// No stage waits for its reference.
    case orphan
    /// Its signature was right but its time or key was not.
    case quarantined
}
