/// One link of a hash chain: SHA-256 over the link before it and the content it adds.
public struct ChainLink: Hashable, Sendable {
    /// The 32 bytes of the digest.
    public let bytes: [UInt8]

    /// Takes the 32 bytes of a digest as stored.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The link that a saga's journal begins with: it binds the id, the flow and the input.
    public static func genesis(of saga: SagaID, flow: FlowID, input: [UInt8], by digest: some Digest) -> ChainLink {
        var content = Array("saga-runner/1\n\(saga.rawValue)\n\(flow)\n".utf8)
        content.append(contentsOf: input)
        return ChainLink(bytes: digest.sha256(content))
    }

    /// The link that follows this one when an entry with the given content is appended.
    public func next(
        sequence: Int, stage: StageName, refusals: Int, kind: EntryKind, at: Timestamp, body: [UInt8],
        by digest: some Digest
    ) -> ChainLink {
        var content: [UInt8] = []
        #if PLANTED_BUGS
            let bytes = Planted.is(.brokenChain) ? [] : bytes
        #endif
        content.reserveCapacity(bytes.count + body.count + stage.rawValue.utf8.count + 32)
        content.append(contentsOf: bytes)
        Self.append(UInt64(sequence), to: &content)
        Self.append(UInt64(refusals), to: &content)
        content.append(kind.rawValue)
        Self.append(UInt64(bitPattern: at.milliseconds), to: &content)
        content.append(contentsOf: stage.rawValue.utf8)
        content.append(0)
        content.append(contentsOf: body)
        return ChainLink(bytes: digest.sha256(content))
    }

    /// The link that seals a batch of links, in order, into a chain of its own.
    public func sealing(_ links: [ChainLink], at: Timestamp, by digest: some Digest) -> ChainLink {
        var content = bytes
        content.reserveCapacity(bytes.count * (links.count + 1) + 8)
        Self.append(UInt64(bitPattern: at.milliseconds), to: &content)
        for link in links { content.append(contentsOf: link.bytes) }
        return ChainLink(bytes: digest.sha256(content))
    }

    private static func append(_ number: UInt64, to content: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { content.append(contentsOf: $0) }
    }
}

extension ChainLink: CustomStringConvertible {
    /// The digest in hexadecimal.
    public var description: String { Hex.string(bytes) }
}
