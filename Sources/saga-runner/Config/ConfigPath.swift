internal import Foundation

/// Finds the configuration, and what paths in it are relative to.
enum ConfigPath {
    /// The environment variable that names the file.
    static let variable = "SAGA_RUNNER_CONFIG"

    /// The file that `--config` names, or the environment.
    static func find(option: String?) throws(UsageError) -> String {
        if let option { return option }
        if let named = ProcessInfo.processInfo.environment[variable], !named.isEmpty { return named }
        throw UsageError("no configuration: give --config FILE or set \(variable)")
    }

    /// A path as a configuration names it: as it is when absolute, else from the configuration's own folder.
    static func resolve(_ path: String, beside file: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}
