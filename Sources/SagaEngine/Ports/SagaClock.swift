/// The time as the store tells it; every wait, deadline and timestamp of the engine comes from here.
public protocol SagaClock: Sendable {
    /// The moment now.
    func now() -> Timestamp

    /// Returns once `moment` has come, or earlier when the task is cancelled.
    func sleep(until moment: Timestamp) async
}
