internal import SagaEngine
public import SettlementFlows

/// An offering book in the tables of a database that is lent to it, or in a private temporary one.
///
/// Pages are one job each, so others get their turn on a shared connection. Two steps are one job for a whole
/// offering, because they stand on one sort: checking the log, and ranking the remainders; each takes seconds for a
/// million investors, so a daemon that settles such offerings lends the book a database and a thread of its own.
public actor OfferingTables: OfferingBook {
    /// How many rows one job writes or reads while allotting.
    static let pageRows = 4_096
    /// The most rows one call hands out.
    public static let largestPage = 10_000

    let executor: any TableExecutor
    private var loads: [LoadID: OpenLoad] = [:]
    private var underWork: Set<OfferingID> = []

    /// A book on tables that exist (`OfferingBookSchema`), in the database of `executor`.
    public init(on executor: any TableExecutor) {
        self.executor = executor
    }

    /// A book in a private temporary database that is gone when the book is.
    public static func temporary() async throws(OfferingBookError) -> OfferingTables {
        let book = OfferingTables(on: SQLiteThread.temporary(name: "offering-book"))
        try await book.createTables()
        return book
    }

    /// Makes the tables where they are missing.
    public func createTables() async throws(OfferingBookError) {
        try await perform { try $0.execute(OfferingBookSchema.statements(in: $0.dialect)) }
    }

    /// Removes what no offering needs any more: loads that were given up, replaced or cut off by a crash, and
    /// workings of published allotments. Call it before anything else is under way, as when a daemon starts.
    ///
    /// In tables that are shared with other processes, what is being loaded may be theirs, and stays.
    public func tidy(sharedWithOthers: Bool = false) async throws(OfferingBookError) {
        if !sharedWithOthers { try await perform { try BookTidying.markUnfinished(in: $0) } }
        while try await perform({ try BookTidying.removePage(in: $0) }) {}
    }

    /// Begins a load.
    public func beginLoad(of offering: OfferingID, part: OfferingPart) async throws(OfferingBookError) -> LoadID {
        let number = try await perform { connection in
            try connection.firstRow(
                "INSERT INTO offering_load(offering_id, part, state) VALUES(?, ?, 'loading') RETURNING load",
                .text(offering.rawValue), .text(part.rawValue)
            ) { $0.int64(0) }
        }
        guard let number else { throw .storage(code: "book.failed") }
        let load = LoadID(number)
        loads[load] = OpenLoad(offering: offering, part: part)
        return load
    }

    /// Adds a page of investors.
    public func add(_ investors: [Numbered<Investor>], to load: LoadID) async throws(OfferingBookError) {
        var open = try take(load, part: .investors)
        for investor in investors { try open.admit(investor) }
        try await perform { try LoadWriting.insert(investors, load: load.number, in: $0) }
        loads[load] = open
    }

    /// Adds a page of the log.
    public func add(_ events: [Numbered<SubscriptionEvent>], to load: LoadID) async throws(OfferingBookError) {
        var open = try take(load, part: .subscriptions)
        for event in events { try open.admit(event) }
        try await perform { try LoadWriting.insert(events, load: load.number, in: $0) }
        loads[load] = open
    }

    /// Ends a load.
    public func finish(_ load: LoadID) async throws(OfferingBookError) -> LoadedPart {
        guard let open = loads.removeValue(forKey: load) else { throw .loadGone(load) }
        let loaded = LoadedPart(rows: open.rows, digest: open.contentDigest)
        try await refuseSharedAccounts(in: open, of: load)
        try await perform { try LoadWriting.finish(load.number, open, loaded, in: $0) }
        return loaded
    }

    /// A job for each column, so that others get their turn between the sorts; one for all where names intermingle.
    private func refuseSharedAccounts(in open: OpenLoad, of load: LoadID) async throws(OfferingBookError) {
        var faults: [RowFault] = []
        if open.columnsMeet {
            if let fault = try await perform({ try SharedAccounts.faultInAnyColumn(of: load.number, in: $0) }) {
                faults.append(fault)
            }
        } else {
            for column in open.unorderedColumns {
                if let fault = try await perform({ try SharedAccounts.fault(in: column, of: load.number, in: $0) }) {
                    faults.append(fault)
                }
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
        try await perform { connection in
            _ = try connection.run(
                "UPDATE offering_load SET state = 'dropped' WHERE load = ? AND state = 'loading'",
                .integer(load.number))
        }
    }

    /// Checks the log as a whole and fixes the content.
    public func seal(
        _ offering: Offering, investors: InvestorPolicy
    ) async throws(OfferingBookError) -> ContentDigest {
        try begin(offering.id)
        defer { underWork.remove(offering.id) }
        return try await perform { try Sealing.seal(offering, investors: investors, in: $0) }
    }

    /// Allots and publishes, or answers with what is published.
    public func allot(
        _ offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> AllotmentSummary {
        try begin(offering)
        defer { underWork.remove(offering) }
        let record = try await record(of: offering, input: input)
        if let summary = record.summary { return summary }
        return try await publish(record)
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
