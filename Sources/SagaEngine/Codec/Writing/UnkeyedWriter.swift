/// Writes the elements of one array straight into the text.
struct UnkeyedWriter: UnkeyedEncodingContainer {
    let writer: JSONWriter
    let depth: Int
    let start: Int

    init(writer: JSONWriter, depth: Int, start: Int) {
        self.writer = writer
        self.depth = depth
        self.start = start
    }

    /// Opens the array of the value at `start`, which lies in the container at `depth`.
    init(opening writer: JSONWriter, sorting: Int, key: (any CodingKey)?, depth: Int, start: Int) {
        writer.open(object: false, sorting: sorting, key: key, depth: depth, start: start)
        self.init(writer: writer, depth: depth + 1, start: start)
    }

    var codingPath: [any CodingKey] { writer.codingPath(depth: depth, start: nil) }
    var count: Int { writer.elementCount(depth: depth, start: start) }

    private func begin() throws {
        try writer.beginElement(depth: depth, start: start)
    }

    func encodeNil() throws {
        try begin()
        writer.appendNull()
    }

    func encode(_ value: Bool) throws {
        try begin()
        writer.append(value)
    }

    func encode(_ value: String) throws {
        try begin()
        writer.append(value)
    }

    func encode(_ value: Double) throws { throw writer.fail(.floatingPoint) }

    func encode(_ value: Float) throws { throw writer.fail(.floatingPoint) }

    @inline(__always)
    func encode<I: FixedWidthInteger & Encodable>(_ value: I) throws {
        try begin()
        writer.append(value)
    }

    func encode(_ value: Int128) throws {
        try begin()
        writer.appendQuoted(value)
    }

    func encode(_ value: UInt128) throws {
        try begin()
        writer.appendQuoted(value)
    }

    func encode<T: Encodable>(_ value: T) throws {
        try begin()
        try writer.write(value, key: PathIndex(count - 1), depth: depth)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        beginNoting()
        return KeyedEncodingContainer(
            KeyedWriter<Nested>(
                opening: writer, key: PathIndex(count - 1), depth: depth, start: writer.line.count))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        beginNoting()
        return UnkeyedWriter(
            opening: writer, sorting: 0, key: PathIndex(count - 1), depth: depth, start: writer.line.count)
    }

    func superEncoder() -> any Encoder {
        beginNoting()
        return writer.promise(key: PathIndex(count - 1), depth: depth)
    }

    private func beginNoting() {
        do { try begin() } catch { writer.note(error) }
    }
}
