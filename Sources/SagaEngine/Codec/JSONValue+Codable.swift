extension JSONValue: Codable {
    /// Reads any JSON from a `JournalDecoder`; other decoders cannot hand over numbers exactly and are refused.
    public init(from decoder: any Decoder) throws {
        guard let own = decoder as? ValueDecoder else { throw CodecError(.refusedByType) }
        self = own.reader.value(at: own.index)
    }

    /// Writes itself into a `JournalEncoder`; other encoders cannot take numbers exactly and are refused.
    public func encode(to encoder: any Encoder) throws {
        guard let own = encoder as? ValueEncoder else { throw CodecError(.refusedByType) }
        try own.append(self)
    }
}

extension ValueEncoder {
    /// Writes a whole tree here, checked, since a tree made by hand may nest too deep or repeat a name.
    func append(_ value: JSONValue) throws {
        try writer.beginScalar(start: start)
        let bytes = value.bytes()
        let room = CodecLimits(
            maxBytes: max(1, writer.limits.maxBytes), maxDepth: max(1, writer.limits.maxDepth - depth))
        let tape = try JSONParser.tape(of: bytes, limits: room)
        guard depth < writer.limits.maxDepth || tape.count == 1 else { throw writer.fail(.tooDeep) }
        writer.buffer.append(contentsOf: bytes)
    }
}
