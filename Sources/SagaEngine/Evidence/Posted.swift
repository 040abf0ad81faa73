/// This was posted: it stands in the books, in the transaction of its stage.
public struct Posted<Content: Postable>: Evidence {
    /// The journal's proof.
    public let address: EvidenceAddress
    /// What was posted.
    public let content: Content

    init(address: EvidenceAddress, content: Content) {
        self.address = address
        self.content = content
    }

    /// Looks the proof up; works inside the engine only.
    public init(from decoder: any Decoder) throws {
        let address = try EvidenceAddress(from: decoder)
        let content = try EvidenceShelf.of(decoder).posting(at: address)
        self.init(address: address, content: try EvidenceShelf.of(decoder).decode(Content.self, from: content))
    }

    /// Writes the proof's address.
    public func encode(to encoder: any Encoder) throws { try address.encode(to: encoder) }

    /// Writes the proof's address.
    public func write(to line: inout JSONLine) throws(CodecError) { try address.write(to: &line) }
}
