internal import Foundation

/// Writes to an open file descriptor, such as standard output, on a thread of its own.
///
/// A reader that has gone away shows as an error only while SIGPIPE is ignored; `SagaRunner` ignores it.
public actor OutputFile {
    /// Standard output.
    public static let standardOutput = OutputFile(descriptor: STDOUT_FILENO)
    /// Standard error.
    public static let standardError = OutputFile(descriptor: STDERR_FILENO)

    private let executor = ThreadExecutor(name: "output")
    private let descriptor: Int32

    /// Writes to `descriptor`, which stays the caller's to close.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Writes text that nobody depends on, such as a last word on standard error.
    ///
    /// - Returns: Whether it was written; there is nobody left to be told otherwise.
    @discardableResult
    public func tell(_ text: String) -> Bool {
        do throws(OutputError) {
            try write(text)
            return true
        } catch {
            return false
        }
    }

    /// Writes all of the text, however many calls the system needs.
    public func write(_ text: String) throws(OutputError) {
        var text = text
        try Self.check(text.withUTF8 { write(UnsafeRawBufferPointer($0)) })
    }

    /// Writes all of the bytes, in the same way.
    public func write(_ bytes: [UInt8]) throws(OutputError) {
        try Self.check(bytes.withUnsafeBytes { write($0) })
    }

    /// Answers with the system's error number; 0 when everything is written.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var rest = bytes
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if written >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }

    private static func check(_ number: Int32) throws(OutputError) {
        guard number == 0 else { throw OutputError(number: number) }
    }
}
