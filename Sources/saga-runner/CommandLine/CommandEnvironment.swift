internal import Adapters
internal import Foundation
internal import SagaEngine

/// What a command finds around it: where to speak, and the environment's variables.
struct CommandEnvironment: Sendable {
    let console: Console
    let variables: [String: String]
    /// What a command waits by.
    var clock: any SagaClock = SystemClock()

    /// The process's own.
    static var process: CommandEnvironment {
        let variables = ProcessInfo.processInfo.environment
        return CommandEnvironment(console: .standard(variables), variables: variables)
    }
}
