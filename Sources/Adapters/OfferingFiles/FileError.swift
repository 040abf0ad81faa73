internal import Foundation

/// A file that could not be read.
public struct FileError: Error, Equatable, CustomStringConvertible {
    /// What was being done.
    public enum Operation: String, Sendable, CaseIterable {
        case open, read
        case tooLarge = "too_large"
    }

    /// The file as it was named.
    public let path: String
    /// What was being done.
    public let operation: Operation
    /// The system's error number.
    public let number: Int32

    /// An error of the system's.
    public init(path: String, operation: Operation, number: Int32) {
        self.path = path
        self.operation = operation
        self.number = number
    }

    /// The bounded code for metrics and logs.
    public var code: String { "file.\(operation.rawValue)" }

    /// The file and the system's words.
    public var description: String {
        switch operation {
        case .open: "cannot open \(path): \(String(cString: strerror(number)))"
        case .read: "cannot read \(path): \(String(cString: strerror(number)))"
        case .tooLarge: "\(path) is larger than such a file can be"
        }
    }
}
