internal import Adapters
internal import SagaEngine

/// What a command needs to know from the configuration.
struct ClientSettings: Sendable, Equatable {
    /// The longest token file, in bytes.
    static let tokenLimit = 4_096
    private static let fileLimit = 1 << 20

    /// The configuration's own file.
    let path: String
    let storePath: String
    let anchorPath: String?
    let tokenFile: String?

    /// Reads the configuration that the option or SAGA_RUNNER_CONFIG names.
    static func read(option: String?, environment: CommandEnvironment) async throws -> ClientSettings {
        guard let path = option ?? environment.variables["SAGA_RUNNER_CONFIG"], !path.isEmpty else {
            throw UsageError("no configuration: give --config FILE or set SAGA_RUNNER_CONFIG")
        }
        let file = try JSONValue.parse(try await FileReader(path: path).all(limit: fileLimit))
        guard let store = file["store"]?["path"]?.stringValue else {
            throw CommandFailure(.failed, "\(path): store.path is missing")
        }
        return ClientSettings(
            path: path, storePath: store, anchorPath: file["store"]?["anchor"]?.stringValue,
            tokenFile: file["client"]?["token_file"]?.stringValue)
    }
}
