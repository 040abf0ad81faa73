internal import Foundation

/// Output that could not be written.
public struct OutputError: Error, Equatable, CustomStringConvertible {
    /// The system's error number.
    public let number: Int32

    /// An error of the system's.
    public init(number: Int32) {
        self.number = number
    }

    /// The bounded code for metrics and logs.
    public var code: String { isClosed ? "output.closed" : "output.failed" }

    /// Whether the reader at the other end has gone.
    public var isClosed: Bool { number == EPIPE }

    /// The system's words.
    public var description: String {
        isClosed
            ? "the reader closed the output before all of it was written"
            : "cannot write the output: \(String(cString: strerror(number)))"
    }
}
