/// Why evidence cannot be had.
public struct EvidenceError: Error, Sendable, Equatable {
    /// What is wrong, of a bounded set.
    public let code: Code

    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// Something other than the engine tried to decode evidence.
        case outsideEngine
        /// The journal does not prove what the address claims.
        case notProved
        /// The journal has not been fetched yet.
        case notOnShelf
    }

    init(_ code: Code) { self.code = code }
}
