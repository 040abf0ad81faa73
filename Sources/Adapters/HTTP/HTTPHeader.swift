/// One header line: a name in any case, and its value.
public struct HTTPHeader: Sendable, Equatable {
    /// The name as it was written.
    public let name: String
    /// The value without surrounding white space.
    public let value: String

    /// A header line.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
