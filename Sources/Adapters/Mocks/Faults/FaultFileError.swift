/// What is wrong with a file of faults.
public struct FaultFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Everything that is wrong, each with its place.
    public let mistakes: [String]

    /// All mistakes, one a line.
    public var description: String {
        "the file of faults cannot be used:\n" + mistakes.map { "  " + $0 }.joined(separator: "\n")
    }
}
