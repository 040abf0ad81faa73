/// What people and the engine read from a store. Every read sees one consistent state.
public protocol SagaArchive: Sendable {
    /// One saga's row, or `nil`.
    func row(of id: SagaID) async throws(StoreError) -> SagaRow?

    /// A saga's journal entries after a sequence number, oldest first.
    func journal(of id: SagaID, after sequence: Int, limit: Int) async throws(StoreError) -> [JournalEntry]

    /// Sagas that match, in order of their ids, and how many there are.
    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage

    /// The children of a stage after an element, in byte order of the elements.
    func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow]

    /// How many sagas there are in each status, and what they have at stake: a saga and its descendants, or all.
    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus

    /// Notices that match, newest first.
    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice]

    /// Operators' prints, newest first.
    func prints(of saga: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint]
}

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

/// How a saga's descendants stand.
public struct SagaCensus: Sendable, Equatable {
    /// How many there are in each status.
    public let counts: [SagaStatus: Int]
    /// Everything at stake, per asset, ordered by asset.
    public let exposures: [Exposure]

    /// Puts a census together.
    public init(counts: [SagaStatus: Int], exposures: [Exposure]) {
        self.counts = counts
        self.exposures = exposures
    }
}

/// What to look for among notices.
public struct NoticeQuery: Sendable, Equatable {
    /// Only notices of this standing.
    public var standing: NoticeStanding?
    /// Only notices for this saga.
    public var saga: SagaID?
    /// Only the notice with this number.
    public var number: Int64?
    /// How many to skip.
    public var offset: Int
    /// How many to return.
    public var limit: Int

    /// Describes a search.
    public init(
        standing: NoticeStanding? = nil, saga: SagaID? = nil, number: Int64? = nil, offset: Int = 0, limit: Int = 50
    ) {
        self.standing = standing
        self.saga = saga
        self.number = number
        self.offset = max(0, offset)
        self.limit = min(max(0, limit), SagaQuery.maximumLimit)
    }
}
