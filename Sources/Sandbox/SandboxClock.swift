internal import Foundation
public import SagaEngine

/// The system's time, for a sandbox that runs by itself.
public struct SandboxClock: SagaClock {
    /// The system's clock.
    public init() {}

    /// The moment now.
    public func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// Returns once the moment has come, or when the task is cancelled.
    public func sleep(until moment: Timestamp) async {
        let wait = moment - now()
        guard wait > .zero else { return }
        do { try await Task.sleep(for: wait.duration) } catch {
            // Cancelled: the protocol has it that this ends the sleep early.
            return
        }
    }
}
