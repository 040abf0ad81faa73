internal import Adapters
internal import SagaEngine

/// Finds what a command speaks to: the daemon that holds the store, or the store itself when nobody holds it.
struct Door {
    let settings: ClientSettings
    private let environment: CommandEnvironment

    /// The door that `--config` or the environment leads to.
    static func find(_ invocation: Invocation) async throws -> Door {
        let settings = try await ClientSettings.read(
            option: invocation[CommandOption.config.name], environment: invocation.environment)
        return Door(settings: settings, environment: invocation.environment)
    }

    private init(settings: ClientSettings, environment: CommandEnvironment) {
        self.settings = settings
        self.environment = environment
    }

    /// The daemon.
    ///
    /// - Throws: ``CommandFailure`` when none is running.
    func daemon() async throws -> DaemonClient {
        guard let daemon = try await daemonIfRunning() else {
            throw CommandFailure(
                .failed,
                "no daemon holds \(settings.words): start one with saga-runner serve --config \(settings.path)")
        }
        return daemon
    }

    /// The daemon, or nil when nobody holds the store.
    func daemonIfRunning() async throws -> DaemonClient? {
        if let address = settings.address { return try DaemonClient(address: address, token: try await token()) }
        switch try await StoreChoice.worker(on: try store().place) {
        case .at(let addresses)?:
            return try DaemonClient(address: try await Self.answering(of: addresses), token: try await token())
        case .silent(let who)?:
            throw CommandFailure(
                .refused, "\(settings.words) is held by \(who), which has no API here: wait, or stop it")
        case nil: return nil
        }
    }

    /// The first of several daemons that answers; of those that do not the first, for its error to be told.
    private static func answering(of addresses: [String]) async throws -> String {
        guard addresses.count > 1 else { return addresses[0] }
        let http = try HTTPClient()
        var found: String?
        for address in addresses where found == nil {
            do throws(HTTPClientError) {
                _ = try await http.execute(HTTPRequest(method: .get, url: address + "/healthz"))
                found = address
            } catch {
                // It has just died, or cannot be reached from here; the next one may answer.
                continue
            }
        }
        await http.shutdown()
        return found ?? addresses[0]
    }

    /// The store itself, for when nobody holds it.
    func direct(_ console: Console) throws -> DirectStore {
        DirectStore(store: try store(), isSingleHanded: settings.isSingleHanded, console: console)
    }

    /// Where sagas are kept.
    func store() throws -> RunnerConfig.Store {
        guard let store = settings.store else {
            throw UsageError("\(settings.path) names a daemon, client.address: the store is not looked for")
        }
        return store
    }

    private func token() async throws -> String {
        switch settings.token {
        case .file(let path): return try await Self.token(in: path)
        case .namedFile(let path):
            do {
                return try await Self.token(in: path)
            } catch let error as FileError {
                throw CommandFailure(.failed, "\(ClientSettings.tokenFileVariable): \(error)")
            }
        case .variable(let name):
            guard let token = environment.variables[name] else { throw Self.noToken(name) }
            return try Self.checked(token, name)
        }
    }

    private static func token(in path: String) async throws -> String {
        let bytes = try await FileReader(path: path).all(limit: ClientSettings.tokenLimit)
        return try checked(String(String(decoding: bytes, as: UTF8.self).prefix { !$0.isWhitespace }), path)
    }

    private static func noToken(_ name: String) -> CommandFailure {
        CommandFailure(
            .refused,
            "there is no token to speak to the daemon with: put it into \(name), or its file's name into "
                + "\(ClientSettings.tokenFileVariable)", code: "auth.missing")
    }

    /// A token as it can stand in a header; what is none would look like a daemon that does not answer.
    private static func checked(_ token: String, _ place: String) throws -> String {
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw CommandFailure(.refused, "\(place) holds no token: it is empty or has characters that none has")
        }
        return token
    }
}
