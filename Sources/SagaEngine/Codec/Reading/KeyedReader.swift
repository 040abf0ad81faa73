/// Reads the members of one object.
struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let reader: TapeReader
    let object: Int

    var codingPath: [any CodingKey] { reader.path(to: object) }
    var allKeys: [Key] { reader.names(of: object).compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool {
        reader.member(key.stringValue, of: object) != nil
    }

    private func value(_ key: some CodingKey) throws -> Int {
        guard let index = reader.member(key.stringValue, of: object) else {
            throw reader.fail(.keyMissing, at: object, key: key)
        }
        return index
    }

    func decodeNil(forKey key: Key) throws -> Bool { reader.isNull(try value(key)) }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try naming(key) { index throws(CodecError) in try reader.bool(index) }
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try naming(key) { index throws(CodecError) in try reader.string(index) }
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        throw reader.fail(.floatingPoint, at: try value(key), key: key)
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        throw reader.fail(.floatingPoint, at: try value(key), key: key)
    }

    func decode<I: FixedWidthInteger & Decodable>(_ type: I.Type, forKey key: Key) throws -> I {
        try naming(key) { index throws(CodecError) in try reader.integer(index, as: type) }
    }

    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
        try naming(key) { index throws(CodecError) in try reader.wideInteger(index, as: type) }
    }

    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
        try naming(key) { index throws(CodecError) in try reader.wideInteger(index, as: type) }
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try reader.read(type, at: try value(key), key: key)
    }

    /// Reads a leaf and, only when that fails, says which field it was.
    @inline(__always)
    private func naming<T>(_ key: Key, _ read: (Int) throws(CodecError) -> T) throws -> T {
        let index = try value(key)
        do {
            return try read(index)
        } catch {
            throw CodecError(error.code, offset: error.offset, field: CodecError.field(of: key))
        }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try ValueDecoder(reader: reader, index: try value(key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try UnkeyedReader(reader: reader, array: try value(key))
    }

    func superDecoder() throws -> any Decoder {
        ValueDecoder(reader: reader, index: try value(PathIndex.name("super")))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        ValueDecoder(reader: reader, index: try value(key))
    }
}
