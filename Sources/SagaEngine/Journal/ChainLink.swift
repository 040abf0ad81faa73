/// One link of a hash chain: SHA-256 over the link before it and the content it adds.
public struct ChainLink: Hashable, Sendable {
    /// How many bytes a link has.
    public static let size = 32

    // The digest's bytes as they lie in memory: an entry carries its link without an array.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Takes the 32 bytes of a digest.
    public init(bytes: [UInt8]) {
        guard let link = bytes.withUnsafeBytes({ ChainLink(stored: $0) }) else {
            preconditionFailure("a digest has \(Self.size) bytes, not \(bytes.count)")
        }
        self = link
    }

    /// Takes a link from where it is stored; `nil` when it has not 32 bytes.
    public init?(stored bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.size else { return nil }
        first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        third = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        fourth = bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }

    /// What stands for a link that is stored with another length than a digest has: a saga that has one is set aside.
    public static let cut = ChainLink(bytes: [UInt8](repeating: 0xff, count: size))

    /// The 32 bytes of the digest.
    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// Lends the 32 bytes of the digest; they are valid only inside `body`.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(of: self, body)
    }

    /// The link that a saga's journal begins with: it binds the id, the flow and the input.
    public static func genesis(of saga: SagaID, flow: FlowID, input: [UInt8], by digest: some Digest) -> ChainLink {
        var content = JSONLine(capacity: input.count + saga.rawValue.utf8.count + flow.name.utf8.count + 48)
        content.append("saga-runner/1\n")
        content.append(utf8Of: saga.rawValue)
        content.append("\n")
        content.append(utf8Of: flow.description)
        content.append("\n")
        content.append(input)
        return digest.link(over: UnsafeRawBufferPointer(content.written))
    }

    /// The link that follows this one when an entry with the given content is appended.
    public func next(
        sequence: Int, stage: StageName, refusals: Int, kind: EntryKind, at: Timestamp, body: [UInt8],
        by digest: some Digest
    ) -> ChainLink {
        var content = JSONLine(capacity: Self.size + body.count + stage.rawValue.utf8.count + 32)
        return next(
            sequence: sequence, stage: stage, refusals: refusals, kind: kind, at: at, body: body, by: digest,
            in: &content)
    }

    /// The same, what is hashed being put together in memory that has been used before.
    func next(
        sequence: Int, stage: StageName, refusals: Int, kind: EntryKind, at: Timestamp, body: [UInt8],
        by digest: some Digest, in content: inout JSONLine
    ) -> ChainLink {
        content.clear()
        #if PLANTED_BUGS
            if !Planted.is(.brokenChain) { withBytes { content.append($0) } }
        #else
            withBytes { content.append($0) }
        #endif
        content.append(bytesOf: UInt64(sequence))
        content.append(bytesOf: UInt64(refusals))
        content.append(kind.rawValue)
        content.append(bytesOf: UInt64(bitPattern: at.milliseconds))
        content.append(utf8Of: stage.rawValue)
        content.append(0)
        content.append(body)
        return digest.link(over: UnsafeRawBufferPointer(content.written))
    }

    /// The link that seals a batch of links, in order, into a chain of its own.
    public func sealing(_ links: [ChainLink], at: Timestamp, by digest: some Digest) -> ChainLink {
        var content: [UInt8] = []
        content.reserveCapacity(Self.size * (links.count + 1) + 8)
        append(to: &content)
        Self.append(UInt64(bitPattern: at.milliseconds), to: &content)
        for link in links { link.append(to: &content) }
        return ChainLink(bytes: digest.sha256(content))
    }

    private func append(to content: inout [UInt8]) {
        withBytes { content.append(contentsOf: $0) }
    }

    private static func append(_ number: UInt64, to content: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { content.append(contentsOf: $0) }
    }
}

extension ChainLink: CustomStringConvertible {
    /// The digest in hexadecimal.
    public var description: String { Hex.string(bytes) }
}
