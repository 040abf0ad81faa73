/// The encoder of one value: the place at which it goes. Small enough to travel without an allocation.
struct ValueEncoder: Encoder {
    let writer: JSONWriter
    let depth: Int
    let start: Int

    var codingPath: [any CodingKey] { writer.codingPath(depth: depth, start: start) }
    var userInfo: [CodingUserInfoKey: Any] { writer.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedWriter<Key>(opening: writer, key: writer.lastKey, depth: depth, start: start))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedWriter(
            opening: writer, sorting: writer.sortingOfArray(), key: writer.lastKey, depth: depth, start: start)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension ValueEncoder: SingleValueEncodingContainer {
    func encodeNil() throws {
        try writer.beginScalar(start: start)
        writer.appendNull()
    }

    func encode(_ value: Bool) throws {
        try writer.beginScalar(start: start)
        writer.append(value)
    }

    func encode(_ value: String) throws {
        try writer.beginScalar(start: start)
        writer.append(value)
    }

    func encode(_ value: Double) throws { throw writer.fail(.floatingPoint) }

    func encode(_ value: Float) throws { throw writer.fail(.floatingPoint) }

    func encode<I: FixedWidthInteger & Encodable>(_ value: I) throws {
        try writer.beginScalar(start: start)
        writer.append(value)
    }

    func encode(_ value: Int128) throws {
        try writer.beginScalar(start: start)
        writer.appendQuoted(value)
    }

    func encode(_ value: UInt128) throws {
        try writer.beginScalar(start: start)
        writer.appendQuoted(value)
    }

    func encode<T: Encodable>(_ value: T) throws {
        try writer.beginScalar(start: start)
        try writer.write(value, key: writer.lastKey, depth: depth)
    }
}
