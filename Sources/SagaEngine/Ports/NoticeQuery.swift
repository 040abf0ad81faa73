/// What to look for among notices.
public struct NoticeQuery: Sendable, Equatable {
    /// Only notices of this standing.
    public var standing: NoticeStanding?
    /// Only notices for this saga.
    public var saga: SagaID?
    /// Only the notice with this number.
    public var number: Int64?
    /// Whether the bodies come along; without them, every ``Notice/body`` is empty and a page costs little to read.
    public var withBodies: Bool
    /// How many to skip.
    public var offset: Int
    /// How many to return.
    public var limit: Int

    /// Describes a search.
    public init(
        standing: NoticeStanding? = nil, saga: SagaID? = nil, number: Int64? = nil, withBodies: Bool = true,
        offset: Int = 0, limit: Int = 50
    ) {
        self.standing = standing
        self.saga = saga
        self.number = number
        self.withBodies = withBodies
        self.offset = max(0, offset)
        self.limit = min(max(0, limit), SagaQuery.maximumLimit)
    }
}
