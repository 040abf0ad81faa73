import RunnerTheatre

/// The daemons that settle an offering, and the database that they work on.
protocol RunnerGroup: AnyObject {
    /// Their processes, while they run.
    var processes: [ChildProcess] { get }

    /// Starts them, has notices come to each in turn, and answers with the address of one.
    func start() async throws -> RunnerAPI
    /// Where an offering's settlement stands, by a question that costs next to nothing.
    func look(at offering: MadeUpOffering) async throws -> SettlementLook
    /// What the database has used so far.
    func usage() throws -> DatabaseUsage
    /// How many stages are durable: receipts, notices and postings, as the other benchmarks count them.
    func stages() async throws -> Int
    /// How many bytes the database takes.
    func size() async throws -> Int
    /// Ends all by SIGTERM, and answers what went wrong.
    func drain() async throws -> [String]
    /// Ends what is left and removes what is of no more use.
    func strike() async throws
}

/// Where a settlement stands.
struct SettlementLook {
    /// Whether it has ended, however.
    let hasEnded: Bool
    /// Differs whenever something has moved.
    let progress: String
}

/// What a database and its server have used since some moment.
struct DatabaseUsage {
    /// Processor time of a server's processes in microseconds; nil where there is none on this machine.
    var processor: Int?
    /// What was written to the server's log of changes, in bytes.
    var logged = 0
    /// Transactions that were committed.
    var commits = 0
    /// Rows that were read of each table.
    var rowsRead: [String: Int] = [:]

    /// What was used since an earlier moment.
    func since(_ before: DatabaseUsage) -> DatabaseUsage {
        var usage = DatabaseUsage()
        if let processor, let earlier = before.processor { usage.processor = processor - earlier }
        usage.logged = logged - before.logged
        usage.commits = commits - before.commits
        usage.rowsRead = rowsRead.reduce(into: [:]) { $0[$1.key] = $1.value - (before.rowsRead[$1.key] ?? 0) }
        return usage
    }
}
