import RunnerTheatre
import SagaEngine

/// One daemon on a SQLite file.
final class SQLiteRunner: RunnerGroup {
    private let theatre: Theatre

    init(_ theatre: Theatre) {
        self.theatre = theatre
    }

    var processes: [ChildProcess] { theatre.daemon.map { [$0] } ?? [] }

    func start() async throws -> RunnerAPI {
        try await theatre.startDaemon()
        return theatre.api
    }

    func look(at offering: MadeUpOffering) async throws -> SettlementLook {
        guard let seen = try await theatre.api.detail(of: offering.id) else { throw BenchFailure("no answer") }
        let status = seen["status"]?.stringValue ?? "?"
        let counts = (seen["census"]?["counts"] ?? .null).text()
        return SettlementLook(
            hasEnded: SagaStatus(rawValue: status)?.isTerminal == true, progress: "\(status): \(counts)")
    }

    /// It is within the daemon's own process.
    func usage() throws -> DatabaseUsage { DatabaseUsage() }

    func stages() throws -> Int {
        try RawDatabase(path: theatre.database).rows(BenchStore.countStages()).first?.first.flatMap { Int($0) } ?? 0
    }

    func size() async throws -> Int { try await BenchStore.size(at: .sqlite(path: theatre.database)) }

    func drain() async throws -> [String] {
        let status = try await theatre.drainDaemon()
        guard status != 0 else { return [] }
        return ["SIGTERM ended the daemon with \(status): \(try theatre.daemon?.said() ?? "")"]
    }

    /// The theatre ends its daemon and removes its file.
    func strike() {}
}
