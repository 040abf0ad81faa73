import Adapters
import Foundation
import SagaEngine
import SagaTestKit

/// A folder of its own for one test, removed with it.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "sqlite-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            print("\(path) stays: \(error)")
        }
    }

    var database: String { path + "/sagas.db" }
    var anchor: String { path + "/anchor.json" }

    func configuration(
        clock: any SagaClock = SimulatedClock(), handlers: [any RecordHandler] = [], anchored: Bool = false,
        afterRestore: Bool = false
    ) -> SQLiteStoreConfiguration {
        SQLiteStoreConfiguration(
            path: database, clock: clock, digest: PlainSHA256(), handlers: handlers,
            anchorPath: anchored ? anchor : nil, afterRestore: afterRestore)
    }

    /// Copies the database as a power cut would leave it to another folder.
    func copyDatabase(to other: ScratchFolder) throws {
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: database + suffix) {
            if FileManager.default.fileExists(atPath: other.database + suffix) {
                try FileManager.default.removeItem(atPath: other.database + suffix)
            }
            try FileManager.default.copyItem(atPath: database + suffix, toPath: other.database + suffix)
        }
    }

    /// Changes a closed database behind the store's back.
    func edit(_ script: String) throws {
        let connection = try SQLiteConnection(path: database)
        try connection.execute(script)
    }

    /// Rows that refer to none, by table.
    func hangingRows() throws -> [String] {
        let connection = try SQLiteConnection(path: database)
        var tables: [String] = []
        try connection.forEachRow("PRAGMA foreign_key_check") { tables.append($0.text(0)) }
        return tables
    }

    /// Drops what keeps history from being edited.
    func dropGuards() throws {
        let connection = try SQLiteConnection(path: database)
        var names: [String] = []
        try connection.forEachRow("SELECT name FROM sqlite_schema WHERE type = 'trigger'") { names.append($0.text(0)) }
        for name in names { try connection.execute("DROP TRIGGER \(name)") }
    }
}

/// Makes SQLite stores for the store laws, and verifies their audit chains whenever one is closed.
final class SQLiteStoreFixture: StoreFixture {
    let digest: any Digest = PlainSHA256()
    private let folder: ScratchFolder
    private let verifies: Bool

    /// A law that writes entries which are no chain turns the verification off.
    init(verifies: Bool = true) throws {
        folder = try ScratchFolder()
        self.verifies = verifies
    }

    func open(clock: SimulatedClock, handlers: [any RecordHandler]) async throws -> any SagaStore {
        try await SQLiteStore.open(folder.configuration(clock: clock, handlers: handlers, anchored: true))
    }

    func reopen(
        _ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]
    ) async throws -> any SagaStore {
        try await close(store)
        return try await open(clock: clock, handlers: handlers)
    }

    func close(_ store: any SagaStore) async throws {
        guard let store = store as? SQLiteStore else { throw LawBroken("not a SQLite store") }
        if verifies, let fault = try await store.verifyAudit(.chain).fault { throw LawBroken("audit: \(fault)") }
        await store.close()
        let hanging = try folder.hangingRows()
        guard hanging.isEmpty else { throw LawBroken("rows of \(hanging) refer to nothing") }
    }

    func seals(of store: any SagaStore) async throws -> [StoreSeal] {
        guard let store = store as? SQLiteStore else { throw LawBroken("not a SQLite store") }
        return try await store.seals(limit: 10_000).map { StoreSeal(number: $0.number, at: $0.at, link: $0.link) }
    }
}

/// Short words for what tests of a store do over and over.
struct StoreHand {
    let store: any SagaStore
    let clock: SimulatedClock
    static let flow = FlowID(name: "settlement", version: 1)
    static let digest = PlainSHA256()

    func id(_ text: String) throws -> SagaID {
        guard let id = SagaID(rawValue: text) else { throw LawBroken("\(text) is no saga id") }
        return id
    }

    func seed(_ text: String, flow: FlowID = flow, input: String = "{}") throws -> NewSaga {
        let id = try id(text)
        let input = Array(input.utf8)
        return NewSaga(
            id: id, flow: flow, input: input,
            genesis: ChainLink.genesis(of: id, flow: flow, input: input, by: Self.digest))
    }

    func lease(_ runner: String = "r1", for length: Span = .hours(1)) async throws -> Lease {
        let request = LeaseRequest(runner: RunnerID(runner), length: length)
        guard case .leased(let lease) = try await store.commit([.lease(request)], under: nil).first else {
            throw LawBroken("no lease")
        }
        return lease
    }

    /// Submits sagas and claims all of them.
    func held(_ ids: [String], under lease: Lease) async throws -> [Claim] {
        _ = try await store.commit(try ids.map { .submit(try seed($0)) }, under: nil)
        let request = ClaimRequest(limit: ids.count, flows: [Self.flow])
        guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
            throw LawBroken("nothing claimed")
        }
        return claims
    }

    /// Entries that continue a journal.
    static func entries(
        after sequence: Int, from link: ChainLink, count: Int, at: Timestamp, body: String = "{\"n\":1}"
    ) -> [JournalEntry] {
        var previous = link
        return (0..<count).map { index in
            let stage = StageName(rawValue: "fund")
            let next = previous.next(
                sequence: sequence + index + 1, stage: stage, refusals: 1, kind: .attempt, at: at,
                body: Array(body.utf8), by: digest)
            previous = next
            return JournalEntry(
                sequence: sequence + index + 1, stage: stage, refusals: 1, kind: .attempt, at: at,
                body: Array(body.utf8), link: next)
        }
    }

    func append(
        to id: String, _ claim: Claim, count: Int = 1, _ disposition: Disposition = .carryOn,
        records: [CausedRecord] = []
    ) async throws -> Append {
        guard let row = try await store.row(of: try self.id(id)) else { throw LawBroken("no saga \(id)") }
        return Append(
            saga: claim.number, right: .claim(fence: claim.fence),
            entries: Self.entries(after: row.sequence, from: row.head, count: count, at: clock.now()),
            disposition: disposition, standing: Standing(status: .running), records: records)
    }

    static func print(_ action: String) -> OperatorPrint {
        OperatorPrint(
            actor: "ops", role: "operator", action: action, saga: nil, reason: "because", version: nil,
            outcome: "done", detail: "")
    }
}
