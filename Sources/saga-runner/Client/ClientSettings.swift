internal import Adapters
internal import SagaEngine

/// What a command needs to know from the configuration; it reads no secret but its own token and the store's URL.
struct ClientSettings: Sendable {
    /// The longest token file, in bytes.
    static let tokenLimit = 4_096

    /// The variable that holds the token, unless the configuration names another place.
    static let tokenVariable = "SAGA_RUNNER_TOKEN"
    /// The variable that names a file with the token, which goes before all else.
    static let tokenFileVariable = "SAGA_RUNNER_TOKEN_FILE"

    /// The configuration's own file.
    let path: String
    /// The daemon that commands speak to whoever works on the store; `nil` when they are to find one.
    let address: String?
    /// Where sagas are kept; `nil` when all is asked of the daemon at ``address``.
    let store: RunnerConfig.Store?
    let token: TokenPlace
    let isSingleHanded: Bool

    /// Where the client's token is.
    enum TokenPlace: Sendable, Equatable {
        case file(String)
        case variable(String)
        /// In the file that ``tokenFileVariable`` names.
        case namedFile(String)
    }

    /// Reads the configuration that the option or SAGA_RUNNER_CONFIG names.
    static func read(option: String?, environment: CommandEnvironment) async throws -> ClientSettings {
        let named = environment.variables[ConfigPath.variable] ?? ""
        guard let path = option ?? (named.isEmpty ? nil : named) else {
            throw UsageError("no configuration: give --config FILE or set \(ConfigPath.variable)")
        }
        let file: JSONValue
        do {
            file = try CommentedJSON.parse(try await FileReader(path: path).all(limit: RunnerConfig.largestFile))
        } catch let mistake as ConfigMistake {
            throw CommandFailure(.failed, "\(path): \(mistake)")
        }
        let reader = ConfigReader(file, file: path, environment: environment.variables)
        let address = reader.clientAddress()
        let store = address == nil ? await reader.store() : nil
        // A slip in what the daemon alone needs keeps nobody from acting in the night.
        let needed = ["store", "store.path", "store.anchor", "store.url", "store.schema", "client.address"]
        let mistakes = reader.mistakes.all.filter { needed.contains($0.path) }
        guard mistakes.isEmpty else {
            throw CommandFailure(.failed, "\(ConfigFault(file: path, mistakes: mistakes))")
        }
        return ClientSettings(
            path: path, address: address, store: store,
            token: tokenPlace(file["client"]?["token"], path, environment),
            isSingleHanded: file["single_handed"]?.boolValue ?? false)
    }

    /// What is spoken to or read, in a few words.
    var words: String { address.map { "the daemon at \($0)" } ?? store?.place.words ?? path }

    private static func tokenPlace(
        _ value: JSONValue?, _ path: String, _ environment: CommandEnvironment
    ) -> TokenPlace {
        if let file = environment.variables[tokenFileVariable], !file.isEmpty { return .namedFile(file) }
        if let file = value?["file"]?.stringValue { return .file(ConfigPath.resolve(file, beside: path)) }
        return .variable(value?["env"]?.stringValue ?? tokenVariable)
    }
}
