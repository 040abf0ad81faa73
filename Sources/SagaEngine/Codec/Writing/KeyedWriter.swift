/// Writes the members of one object straight into the text.
struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: JSONWriter
    let depth: Int
    let start: Int

    init(writer: JSONWriter, depth: Int, start: Int) {
        self.writer = writer
        self.depth = depth
        self.start = start
    }

    /// Opens the object of the value at `start`, which lies in the container at `depth`.
    init(opening writer: JSONWriter, key: (any CodingKey)?, depth: Int, start: Int) {
        let sorting = ObjectIdentifier(Key.self) == DictionaryKeys.type ? 1 : 0
        writer.open(object: true, sorting: sorting, key: key, depth: depth, start: start)
        self.init(writer: writer, depth: depth + 1, start: start)
    }

    var codingPath: [any CodingKey] { writer.codingPath(depth: depth, start: nil) }

    private func begin(_ key: some CodingKey) throws {
        try writer.beginMember(key, depth: depth, start: start)
    }

    func encodeNil(forKey key: Key) throws {
        try begin(key)
        writer.appendNull()
    }

    func encode(_ value: Bool, forKey key: Key) throws {
        try begin(key)
        writer.append(value)
    }

    func encode(_ value: String, forKey key: Key) throws {
        try begin(key)
        writer.append(value)
    }

    func encode(_ value: Double, forKey key: Key) throws { throw writer.fail(.floatingPoint, key: key) }

    func encode(_ value: Float, forKey key: Key) throws { throw writer.fail(.floatingPoint, key: key) }

    @inline(__always)
    func encode<I: FixedWidthInteger & Encodable>(_ value: I, forKey key: Key) throws {
        try begin(key)
        writer.append(value)
    }

    func encode(_ value: Int128, forKey key: Key) throws {
        try begin(key)
        writer.appendQuoted(value)
    }

    func encode(_ value: UInt128, forKey key: Key) throws {
        try begin(key)
        writer.appendQuoted(value)
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try begin(key)
        try writer.write(value, key: key, depth: depth)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        beginNoting(key)
        return KeyedEncodingContainer(
            KeyedWriter<Nested>(opening: writer, key: key, depth: depth, start: writer.line.count))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        beginNoting(key)
        return UnkeyedWriter(opening: writer, sorting: 0, key: key, depth: depth, start: writer.line.count)
    }

    func superEncoder() -> any Encoder {
        superEncoder(under: PathIndex(stringValue: "super"))
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        superEncoder(under: key)
    }

    private func superEncoder(under key: some CodingKey) -> any Encoder {
        beginNoting(key)
        return writer.promise(key: key, depth: depth)
    }

    private func beginNoting(_ key: some CodingKey) {
        do { try begin(key) } catch { writer.note(error) }
    }
}
