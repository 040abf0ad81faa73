/// One decoded pair of a query.
public struct HTTPQueryItem: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The value; empty if there is no `=`.
    public let value: String

    /// A pair.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
