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
        let levelsLeft = writer.limits.maxDepth - depth
        if levelsLeft < 1, value.arrayValue != nil || value.objectValue != nil { throw writer.fail(.tooDeep) }
        _ = try JSONParser.tape(
            of: bytes, limits: CodecLimits(maxBytes: writer.limits.maxBytes, maxDepth: max(1, levelsLeft)))
        writer.line.append(bytes)
    }
}
