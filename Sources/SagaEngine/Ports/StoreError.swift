/// A store's failure. Nothing about it says whether the last batch is durable.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure, of a bounded set.
    public let code: Code
    /// What happened, for the operator; no data.
    public let detail: String

    /// The kinds of failure.
    public enum Code: String, Sendable, CaseIterable {
        /// The store cannot be reached or is full; it may come back.
        case unavailable
        /// The disk failed under a write; the process must stop and recover from disk.
        case damaged
        /// The stored data does not make sense.
        case corrupt
        /// The caller asked for something impossible.
        case misuse
        /// A crash that a test simulates.
        case simulated
    }

    /// Reports a failure.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Code and detail. Of what somebody has asked for in vain the detail says it all.
    public var description: String { code == .misuse ? detail : "store.\(code.rawValue): \(detail)" }
}
