/// The decoder of one value: its token. Small enough to travel without an allocation.
struct ValueDecoder: Decoder {
    let reader: TapeReader
    let index: Int

    var codingPath: [any CodingKey] { reader.path(to: index) }
    var userInfo: [CodingUserInfoKey: Any] { reader.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try reader.expect(.object, at: index)
        return KeyedDecodingContainer(KeyedReader<Key>(reader: reader, object: index))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try UnkeyedReader(reader: reader, array: index)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension ValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { reader.isNull(index) }

    func decode(_ type: Bool.Type) throws -> Bool { try reader.bool(index) }

    func decode(_ type: String.Type) throws -> String { try reader.string(index) }

    func decode(_ type: Double.Type) throws -> Double { throw reader.fail(.floatingPoint, at: index) }

    func decode(_ type: Float.Type) throws -> Float { throw reader.fail(.floatingPoint, at: index) }

    func decode<I: FixedWidthInteger & Decodable>(_ type: I.Type) throws -> I {
        try reader.integer(index, as: type)
    }

    func decode(_ type: Int128.Type) throws -> Int128 { try reader.wideInteger(index, as: type) }

    func decode(_ type: UInt128.Type) throws -> UInt128 { try reader.wideInteger(index, as: type) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: self) }
}
