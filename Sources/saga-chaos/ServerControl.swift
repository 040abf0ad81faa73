internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SettlementFlows

/// The PostgreSQL server that `scripts/with-postgres` has started, to be stopped and started.
struct ServerControl {
    /// The database for its owner.
    private(set) var url: String
    private var admin: String
    private var data: String
    private let run: String
    private let folder: String

    /// Finds the server by what `scripts/with-postgres` says of it.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        func value(_ name: String) throws -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw TheatreFailure("the environment has no \(name): run scripts/chaos-runners, which starts a server")
            }
            return value
        }
        url = try value("SAGA_TEST_POSTGRES")
        data = try value("SAGA_TEST_POSTGRES_DATA")
        run = try value("SAGA_TEST_POSTGRES_RUN")
        admin = try value("SAGA_TEST_POSTGRES_ADMIN")
        folder = try value("SAGA_TEST_POSTGRES_FOLDER")
    }

    /// The port that the URL names.
    var port: UInt16 { URLComponents(string: url)?.port.flatMap(UInt16.init(exactly:)) ?? 5_432 }

    /// The same database by way of another port, in plain text so that a proxy can follow.
    func url(port: UInt16) throws -> String {
        try Self.moved(url, to: port) + "?sslmode=disable&gssencmode=disable"
    }

    private static func moved(_ url: String, to port: UInt16) throws -> String {
        guard var parts = URLComponents(string: url) else { throw TheatreFailure("SAGA_TEST_POSTGRES is no URL") }
        parts.port = Int(port)
        guard let text = parts.string else { throw TheatreFailure("SAGA_TEST_POSTGRES is no URL") }
        return text
    }

    /// The store in a schema, for the judge.
    func store(in schema: String) async throws -> PostgresStore {
        try await PostgresStore.openForReading(
            PostgresStoreConfiguration(
                url: url, schema: schema, digest: SHA256Digest(), handlers: FlowCatalogue.recordHandlers))
    }

    /// Ends the server as a power cut would: no checkpoint, no goodbye.
    func stopAtOnce(_ theatre: Theatre) async throws {
        let child = try control(theatre, ["-m", "immediate", "stop"])
        guard try await child.end(within: .seconds(90)) == 0 else {
            throw TheatreFailure("pg_ctl stop: \(try child.said())")
        }
    }

    /// Starts it again and waits until it takes connections.
    func start(_ theatre: Theatre) async throws {
        // The server inherits what tells that its parent has ended, so it is asked itself whether it is there.
        let child = try control(theatre, ["-l", "server.log", "-W", "start"])
        try await Self.wait {
            _ = try RawServer(url: url)
        } orElse: {
            try child.said()
        }
    }

    /// Makes the data of a standby that has everything up to now and hears of nothing further, for a port of its own.
    func standby(_ number: Int, _ theatre: Theatre) async throws -> ServerControl {
        var standby = self
        standby.data = "\(folder)/standby-\(number)"
        let copy = try ChildProcess(
            "pg_basebackup", run, ["pg_basebackup", "-D", standby.data, "-d", admin, "-c", "fast", "-X", "stream"],
            in: theatre.folder, life: number)
        guard try await copy.end(within: .seconds(120)) == 0 else {
            throw TheatreFailure("pg_basebackup: \(try copy.said())")
        }
        let mark = try ChildProcess(
            "touch", run, ["touch", "\(standby.data)/standby.signal"], in: theatre.folder, life: number)
        guard try await mark.end(within: .seconds(10)) == 0 else { throw TheatreFailure("touch: \(try mark.said())") }
        let port = Loopback.freePort()
        standby.url = try Self.moved(url, to: port)
        standby.admin = try Self.moved(admin, to: port)
        return standby
    }

    /// Starts a standby and has it become a primary, on a timeline of its own.
    func promote(_ theatre: Theatre) async throws {
        let start = try control(theatre, ["-o", "-p \(port)", "-l", "standby-\(port).log", "-W", "start"])
        try await Self.wait {
            _ = try RawServer(url: url)
        } orElse: {
            try start.said()
        }
        let child = try control(theatre, ["promote"])
        _ = try await child.end(within: .seconds(60))
        try await Self.wait {
            guard try RawServer(url: url).rows("SELECT pg_is_in_recovery()") == [["f"]] else {
                throw TheatreFailure("it is a standby still")
            }
        } orElse: {
            try child.said()
        }
    }

    private static func wait(
        for isSo: () throws -> Void, orElse words: () throws -> String
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                return try isSo()
            } catch {
                guard ContinuousClock.now < deadline else { throw TheatreFailure("\(error) \(try words())") }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func control(_ theatre: Theatre, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess("pg_ctl", run, ["pg_ctl", "-D", data] + arguments, in: theatre.folder, life: 0)
    }
}
