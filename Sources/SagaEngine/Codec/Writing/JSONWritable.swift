/// What is written so often that it writes itself, without `Encodable`'s containers: a seventh of the work.
///
/// The text must be the one that ``JournalEncoder`` makes of the type's `Encodable`, byte for byte: members in the same
/// order, what is nil left out. Debug builds compare the two each time. Instructions and postings that do not care are
/// written by their `Encodable`.
public protocol JSONWritable {
    /// Writes the value at the end of the text.
    ///
    /// - Throws: ``CodecError`` when the value cannot be written, or nests too deep.
    func write(to line: inout JSONLine) throws(CodecError)
}

extension JSONWritable where Self: Encodable {
    /// Writes the text that the value's `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        let standard = CodecLimits.standard
        guard line.depth < standard.maxDepth else { throw CodecError(.tooDeep, offset: line.count) }
        let limits = CodecLimits(maxBytes: standard.maxBytes, maxDepth: standard.maxDepth - line.depth)
        line.append(try JournalEncoder(limits: limits).encode(self))
    }
}

extension JournalEncoder {
    /// The value as one line of JSON in UTF-8, as it writes itself.
    ///
    /// - Throws: what could not be written, with the bytes written so far.
    public func line(_ value: some JSONWritable & Encodable) throws(CodecError) -> [UInt8] {
        var line = JSONLine()
        try write(value, to: &line)
        return line.bytes
    }

    /// Has a value write itself behind what stands in the text already.
    func write<Value: JSONWritable & Encodable>(_ value: Value, to line: inout JSONLine) throws(CodecError) {
        let start = line.count
        try value.write(to: &line)
        try check(line.count - start)
        #if DEBUG
            let encoded = try encode(value)
            precondition(line.holds(encoded, from: start, to: line.count), "\(Value.self) is written in two ways")
        #endif
    }

    /// The text of one of the engine's own bodies, put together in memory that has been used before.
    func line(_ body: some JSONWritable, in line: inout JSONLine) throws(CodecError) -> [UInt8] {
        line.clear()
        try body.write(to: &line)
        try check(line.count)
        return line.bytes
    }

    private func check(_ count: Int) throws(CodecError) {
        guard count <= limits.maxBytes else { throw CodecError(.tooLarge, offset: count) }
    }
}

extension JSONWriter {
    /// Writes a lone value at `start` without `Encodable`'s containers.
    func appendLine(_ value: some JSONWritable, start: Int) throws {
        try beginScalar(start: start)
        try value.write(to: &line)
    }
}
