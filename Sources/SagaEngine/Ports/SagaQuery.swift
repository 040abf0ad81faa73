/// What to look for among sagas.
public struct SagaQuery: Sendable, Equatable {
    /// The page limit's upper bound.
    public static let maximumLimit = 500

    /// Only sagas of this status.
    public var status: SagaStatus?
    /// Only sagas of this flow, whatever the version.
    public var flow: String?
    /// Only sagas that were started by nobody's `forEach`.
    public var rootsOnly: Bool
    /// Only this saga and its descendants.
    public var under: SagaID?
    /// How many to skip.
    public var offset: Int
    /// How many to return, at most ``maximumLimit``.
    public var limit: Int

    /// Describes a search.
    public init(
        status: SagaStatus? = nil, flow: String? = nil, rootsOnly: Bool = false, under: SagaID? = nil, offset: Int = 0,
        limit: Int = 50
    ) {
        self.status = status
        self.flow = flow
        self.rootsOnly = rootsOnly
        self.under = under
        self.offset = max(0, offset)
        self.limit = min(max(0, limit), Self.maximumLimit)
    }
}

/// One page of a search.
public struct SagaPage: Sendable, Equatable {
    /// The rows of this page.
    public let rows: [SagaRow]
    /// How many sagas match in all.
    public let total: Int

    /// Puts a page together.
    public init(rows: [SagaRow], total: Int) {
        self.rows = rows
        self.total = total
    }
}
