internal import Foundation
internal import RunnerTheatre

/// The PostgreSQL server that `scripts/with-postgres` has started, to be stopped and started.
struct ServerControl {
    /// The database for its owner.
    let url: String
    private let data: String
    private let run: String

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
    }

    /// The port that the URL names.
    var port: UInt16 { URLComponents(string: url)?.port.flatMap(UInt16.init(exactly:)) ?? 5_432 }

    /// The same database by way of another port, in plain text so that a proxy can follow.
    func url(port: UInt16) throws -> String {
        guard var parts = URLComponents(string: url) else { throw TheatreFailure("SAGA_TEST_POSTGRES is no URL") }
        parts.port = Int(port)
        parts.queryItems = [
            URLQueryItem(name: "sslmode", value: "disable"), URLQueryItem(name: "gssencmode", value: "disable"),
        ]
        guard let text = parts.string else { throw TheatreFailure("SAGA_TEST_POSTGRES is no URL") }
        return text
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
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                _ = try RawServer(url: url)
                return
            } catch {
                guard ContinuousClock.now < deadline else {
                    throw TheatreFailure("the server does not start: \(error) \(try child.said())")
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func control(_ theatre: Theatre, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess("pg_ctl", run, ["pg_ctl", "-D", data] + arguments, in: theatre.folder, life: 0)
    }
}
