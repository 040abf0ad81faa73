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
    /// It said nothing final, came when its stage was already settled, or was set aside by a person.
    case late
    /// It contradicts what its stage expected; its saga is stuck over it.
    case mismatched
    /// It contradicts what came before: another body under its id, the opposite of how the instruction it is about has
    /// ended, or another fact than was taken as evidence. What was proved stays proved; a person clears it up with the
    /// counterparty.
    case conflicting
    /// No stage waits for its reference.
    case orphan
    /// Its signature was right but its time or key was not.
    case quarantined
}

extension NoticeStanding {
    /// What a notice becomes that a person binds to a saga; `nil` when a stage has taken it, or is about to look at it.
    ///
    /// Binding what conflicts with the end of the very effect it is about says that it has been cleared up: its saga
    /// would only put it before people again.
    ///
    /// - Parameters:
    ///   - contradicts: Whether the saga expects it and has the opposite, or other facts, in its journal.
    ///   - ended: Whether the saga has ended.
    /// - Returns: The standing, if it may be bound.
    public func bound(contradicts: Bool, ended: Bool) -> NoticeStanding? {
        switch self {
        case .consumed: nil
        case .fresh: contradicts ? .late : nil
        case .conflicting, .late: contradicts || ended ? .late : .fresh
        case .orphan, .quarantined, .mismatched: contradicts ? .conflicting : ended ? .late : .fresh
        }
    }
}
