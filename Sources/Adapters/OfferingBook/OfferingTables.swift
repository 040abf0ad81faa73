public import SagaEngine
public import SettlementFlows

/// An offering book in the tables of a database that is lent to it, or in a private temporary one.
///
/// Pages are one job each, so others get their turn on a shared connection. Two steps are one job for a whole
/// offering, because they stand on one sort: checking the log, and ranking the remainders; each takes seconds for a
/// million investors, so a daemon that settles such offerings lends the book a database and a thread of its own.
public actor OfferingTables: OfferingBook {
    /// The most rows one call hands out.
    public static let largestPage = 10_000

    /// How many rows one job writes or reads while allotting.
    let pageRows: Int
    let executor: any TableExecutor
    private let clock: any SagaClock
    private let owner: String
    private var loads: [LoadID: OpenLoad] = [:]
    private var underWork: Set<OfferingID> = []

    /// A book on tables that exist (`OfferingBookSchema`), in the database of `executor`.
    ///
    /// Processes that share the tables have one clock, and each an `owner` that no other one has or had: a load that
    /// gives no sign of life is given up by those of another name.
    public init(on executor: any TableExecutor, clock: any SagaClock = SystemClock(), owner: String = "") {
        self.init(on: executor, clock: clock, owner: owner, pageRows: 4_096)
    }

    init(on executor: any TableExecutor, clock: any SagaClock, owner: String, pageRows: Int) {
        self.executor = executor
        self.pageRows = pageRows
        self.clock = clock
        self.owner = owner
    }

    /// A book in a private temporary database that is gone when the book is.
    public static func temporary() async throws(OfferingBookError) -> OfferingTables {
        let book = OfferingTables(on: SQLiteThread.temporary(name: "offering-book"))
        try await book.createTables()
        return book
    }

    /// Makes the tables in a database that has none of them.
    public func createTables() async throws(OfferingBookError) {
        try await perform { connection in
            try connection.execute(OfferingBookSchema.statements(in: connection.dialect))
            try connection.execute(OfferingBookSchema.sharing(in: connection.dialect))
        }
    }

    /// Removes what no offering needs any more: loads that were given up, replaced or cut off by a crash, and
    /// workings of published allotments.
    ///
    /// It may be called at any time, by several processes at once: another's load counts as cut off once it has been
    /// silent for ten minutes. A process that has the tables for itself says `alone` when it starts, before anything
    /// else is under way: every load that is there was cut off.
    public func tidy(alone: Bool = false) async throws(OfferingBookError) {
        let (owner, now) = (owner, clock.now())
        try await perform { connection in
            alone
                ? try LoadLife.giveUpAll(in: connection)
                : try LoadLife.giveUpSilent(besides: owner, at: now, in: connection)
        }
        while try await perform({ try BookTidying.removePage(in: $0) }) {}
    }

    /// Begins a load.
    public func beginLoad(of offering: OfferingID, part: OfferingPart) async throws(OfferingBookError) -> LoadID {
        let (owner, now) = (owner, clock.now())
        let load = try await perform { try LoadLife.begin(part, of: offering, owner: owner, at: now, in: $0) }
        guard let load else { throw .storage(code: "book.failed") }
        loads[load] = OpenLoad(offering: offering, part: part)
        return load
    }

    /// Adds a page of investors.
    public func add(_ investors: [Numbered<Investor>], to load: LoadID) async throws(OfferingBookError) {
        var open = try take(load, part: .investors)
        for investor in investors { try open.admit(investor) }
        let now = clock.now()
        try await perform { try LoadWriting.insert(investors, load: load, at: now, in: $0) }
        loads[load] = open
    }

    /// Adds a page of the log.
    public func add(_ events: [Numbered<SubscriptionEvent>], to load: LoadID) async throws(OfferingBookError) {
        var open = try take(load, part: .subscriptions)
        for event in events { try open.admit(event) }
        let now = clock.now()
        try await perform { try LoadWriting.insert(events, load: load, at: now, in: $0) }
        loads[load] = open
    }

    /// Ends a load.
    public func finish(_ load: LoadID) async throws(OfferingBookError) -> LoadedPart {
        guard let open = loads.removeValue(forKey: load) else { throw .loadGone(load) }
        let loaded = LoadedPart(rows: open.rows, digest: open.contentDigest)
        try await refuseSharedAccounts(in: open, of: load)
        let now = clock.now()
        try await perform { try LoadWriting.finish(load, open, loaded, at: now, in: $0) }
        return loaded
    }

    /// A job for each column, so that others get their turn between the sorts; one for all where names intermingle.
    private func refuseSharedAccounts(in open: OpenLoad, of load: LoadID) async throws(OfferingBookError) {
        var faults: [RowFault] = []
        if open.columnsMeet {
            let fault = try await perform(on: load) { try SharedAccounts.faultInAnyColumn(of: load.number, in: $0) }
            if let fault { faults.append(fault) }
        } else {
            for column in open.unorderedColumns {
                let fault = try await perform(on: load) {
                    try SharedAccounts.fault(in: column, of: load.number, in: $0)
                }
                if let fault { faults.append(fault) }
            }
        }
        guard !faults.isEmpty else { return }
        // An investor who is listed twice has everything twice; the first place in the file is named.
        if let fault = try await perform({ try LoadWriting.listedTwice(load.number, in: $0) }) { faults.append(fault) }
        if let first = faults.min(by: { ($0.line, $0.column) < ($1.line, $1.column) }) { throw .badRow(first) }
    }

    /// Gives a load up.
    public func abandon(_ load: LoadID) async throws(OfferingBookError) {
        loads[load] = nil
        try await perform { try LoadLife.giveUp(load, in: $0) }
    }

    /// Checks the log as a whole and fixes the content.
    public func seal(
        _ offering: Offering, investors: InvestorPolicy, over content: LoadedContent
    ) async throws(OfferingBookError) -> ContentDigest {
        try begin(offering.id)
        defer { underWork.remove(offering.id) }
        return try await perform { try Sealing.seal(offering, investors: investors, over: content, in: $0) }
    }

    /// Allots and publishes, or answers with what is published.
    public func allot(
        _ offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> AllotmentSummary {
        try begin(offering)
        defer { underWork.remove(offering) }
        let record = try await record(of: offering, input: input)
        if let summary = record.summary { return summary }
        var overtaken: OfferingBookError?
        do throws(OfferingBookError) {
            if let summary = try await publish(record) { return summary }
        } catch .busy {
            overtaken = .busy(offering)
        }
        // Another's turn came later, or before this one began: what it has published is the answer here, too.
        if let summary = try await self.record(of: offering, input: input).summary { return summary }
        throw overtaken ?? .storage(code: "book.damaged")
    }

    /// A job on a load that is being finished; it counts as alive for as long as that takes.
    private func perform<Value: Sendable>(
        on load: LoadID, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws(OfferingBookError) -> Value {
        let now = clock.now()
        return try await perform { connection in
            try connection.atomically {
                try LoadLife.renew(load, at: now, in: connection)
                return try job(connection)
            }
        }
    }

    func perform<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws(OfferingBookError) -> Value {
        try await executor.performOnBook(job)
    }

    func record(of offering: OfferingID, input: ContentDigest) async throws(OfferingBookError) -> BookRecord {
        let found = try await perform { try BookRecord.find(offering, in: $0) }
        guard let found, found.input == input else { throw .notSealed(offering) }
        return found
    }

    /// A load that is being added to is out of the table, so that a failed page ends it.
    private func take(_ load: LoadID, part: OfferingPart) throws(OfferingBookError) -> OpenLoad {
        guard let open = loads.removeValue(forKey: load), open.part == part else { throw .loadGone(load) }
        return open
    }

    private func begin(_ offering: OfferingID) throws(OfferingBookError) {
        guard underWork.insert(offering).inserted else { throw .busy(offering) }
    }
}
