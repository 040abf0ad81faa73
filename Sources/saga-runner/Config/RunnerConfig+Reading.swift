internal import Adapters
internal import Foundation
internal import SagaEngine
internal import SettlementFlows

extension RunnerConfig {
    /// The largest configuration file, in bytes.
    static let largestFile = 1 << 20

    /// Reads and checks a configuration file with all it refers to.
    ///
    /// - Throws: ``ConfigFault`` with every mistake there is.
    static func read(
        _ file: String, environment: [String: String] = ProcessInfo.processInfo.environment,
        schedulable: [FlowForm] = FlowCatalogue.schedulable
    ) async throws(ConfigFault) -> RunnerConfig {
        let bytes: [UInt8]
        do {
            bytes = try await FileReader(path: file).all(limit: largestFile)
        } catch {
            let mistake = ConfigMistake(path: "the file", wrong: "\(error)", remedy: "name a file that can be read")
            throw ConfigFault(file: file, mistakes: [mistake])
        }
        let value: JSONValue
        do {
            value = try CommentedJSON.parse(bytes)
        } catch {
            throw ConfigFault(file: file, mistakes: [error])
        }
        let reader = ConfigReader(value, file: file, environment: environment, schedulable: schedulable)
        let config = await reader.read()
        guard reader.mistakes.all.isEmpty else { throw ConfigFault(file: file, mistakes: reader.mistakes.all) }
        return config
    }
}
