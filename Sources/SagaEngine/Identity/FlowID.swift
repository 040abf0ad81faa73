/// A flow and the version of it that a saga was started under, written `name@version`.
public struct FlowID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The flow's name.
    public let name: String
    /// The version, from 1.
    public let version: Int

    /// Names a version of a flow.
    public init(name: String, version: Int) {
        self.name = name
        self.version = version
    }

    /// Reads `name@version`; `nil` when the text has another form.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let version = Int(parts[1]), version > 0 else { return nil }
        self.init(name: String(parts[0]), version: version)
    }

    /// `name@version`.
    public var description: String { "\(name)@\(version)" }
}
