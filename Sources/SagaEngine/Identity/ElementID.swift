/// The name of one element that a `forEach` starts a child saga for, such as an investor's id.
public struct ElementID: ByteNamed, Sendable, Codable, CustomStringConvertible {
    /// The longest element name accepted, in UTF-8 bytes.
    public static let maximumLength = 128

    /// The element's name as text.
    public let rawValue: String

    /// Takes a name; `nil` when it is empty, too long, or could not be one part of a saga's id.
    public init?(rawValue: String) {
        guard rawValue.utf8.count <= Self.maximumLength, SagaID.isPart(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// Trusts a name that was checked when it was stored.
    @_spi(Store) public init(trusted rawValue: String) {
        self.rawValue = rawValue
    }

    /// The element's name as text.
    public var description: String { rawValue }
}
