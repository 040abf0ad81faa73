internal import SagaEngine

/// Asks again while a runner works on the saga that is meant, which is over in an instant as a rule.
///
/// What is refused as busy has done nothing, so the very same request may be sent again; whatever else is answered ends
/// it. Every attempt leaves its print, so there are few.
struct BusyPatience: Sendable {
    /// The code of the refusal that passes by itself.
    static let code = "action.busy"
    /// How long is waited before each further attempt.
    static let pauses: [Span] = [.milliseconds(100), .milliseconds(300), .milliseconds(600), .seconds(1)]
    /// After how long whoever waits is told why.
    static let silence = Span.seconds(1)

    let clock: any SagaClock
    let console: Console

    /// The patience of a command that somebody has typed.
    init(_ environment: CommandEnvironment) {
        clock = environment.clock
        console = environment.console
    }

    /// Asks until the answer is another one than busy, or the pauses are used up.
    func ask(_ question: () async throws -> Answer) async throws -> Answer {
        let start = clock.now()
        var hasTold = false
        for pause in Self.pauses {
            do {
                return try await question()
            } catch let failure as CommandFailure where failure.code == Self.code {
                if !hasTold, clock.now() - start >= Self.silence {
                    hasTold = true
                    await console.say("a runner is working on it; trying again")
                }
                await clock.sleep(until: clock.now() + pause)
            }
        }
        return try await question()
    }
}
