/// The text of one value being written, front to back, and the containers open at the moment.
///
/// Bytes are only ever appended, so a position identifies the value that begins there; sorting moves bytes only inside
/// a container that is being closed. Confined to the call that made it; since no foreign code runs while one of its
/// properties is being changed, the run-time exclusivity checks, a third of the time, are left out.
final class JSONWriter {
    /// An object or array that is not closed yet.
    struct Frame {
        let start: Int
        let isObject: Bool
        /// Array elements per entry to sort, 1 for a dictionary's object, 0 to keep the order of writing.
        let sorting: Int
        let firstEntry: Int
        var count: Int
        let key: (any CodingKey)?
    }

    /// Where a member or a sortable element begins, and for a member where its quoted key ends.
    struct Entry {
        let start: Int
        let keyEnd: Int
    }

    let userInfo: [CodingUserInfoKey: any Sendable]
    let limits: CodecLimits
    @exclusivity(unchecked) var line: JSONLine
    @exclusivity(unchecked) private(set) var frames: [Frame] = []
    @exclusivity(unchecked) var entries: [Entry] = []
    /// The first fault met where the protocol allows no throw; every later write repeats it.
    @exclusivity(unchecked) private(set) var fault: CodecError?
    /// The key of the nested value written last.
    @exclusivity(unchecked) private(set) var lastKey: (any CodingKey)?
    @exclusivity(unchecked) private var valueType: Any.Type = Never.self
    /// Where a value promised by `superEncoder` begins, until something is written there.
    @exclusivity(unchecked) private var promised = -1

    init(userInfo: [CodingUserInfoKey: any Sendable], limits: CodecLimits) {
        self.userInfo = userInfo
        self.limits = limits
        line = JSONLine(capacity: min(512, limits.maxBytes))
    }

    /// Forgets the last value and keeps the room that it took.
    func clear() {
        line.clear()
        frames.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        fault = nil
        lastKey = nil
        promised = -1
    }

    /// Closes what is open and gives the text.
    func finish() throws(CodecError) -> [UInt8] {
        try close(to: 0)
        if let fault { throw fault }
        guard line.count <= limits.maxBytes else { throw CodecError(.tooLarge, offset: line.count) }
        return line.bytes
    }

    func fail(_ code: CodecError.Code, key: (any CodingKey)? = nil) -> CodecError {
        CodecError(code, offset: line.count, field: CodecError.field(of: key ?? lastKey))
    }

    /// Remembers a fault that cannot be thrown where it is met.
    func note(_ code: CodecError.Code) {
        fault = fault ?? fail(code)
    }

    func note(_ error: any Error) {
        fault = fault ?? .wrapping(error, offset: line.count, field: CodecError.field(of: lastKey))
    }

    // MARK: Members and elements

    /// Begins a member of the object at `depth` that started at `start`.
    func beginMember(_ key: some CodingKey, depth: Int, start: Int) throws {
        try settle(depth: depth, start: start)
        if line.count > start + 1 { line.append(UInt8(ascii: ",")) }
        let position = line.count
        line.append(quoting: key.stringValue)
        entries.append(Entry(start: position, keyEnd: line.count))
        line.append(UInt8(ascii: ":"))
    }

    /// Begins an element of the array at `depth` that started at `start`.
    func beginElement(depth: Int, start: Int) throws {
        try settle(depth: depth, start: start)
        if line.count > start + 1 { line.append(UInt8(ascii: ",")) }
        let frame = frames[depth - 1]
        if frame.sorting > 0, frame.count % frame.sorting == 0 {
            entries.append(Entry(start: line.count, keyEnd: line.count))
        }
        frames[depth - 1].count += 1
    }

    func elementCount(depth: Int, start: Int) -> Int {
        isOpen(depth: depth - 1, start: start) ? frames[depth - 1].count : 0
    }

    /// Writes a value with its own coding; what stays empty becomes an empty object.
    func write<T: Encodable>(_ value: T, key: (any CodingKey)?, depth: Int) throws {
        let start = line.count
        lastKey = key
        valueType = T.self
        try value.encode(to: ValueEncoder(writer: self, depth: depth, start: start))
        if frames.count > depth { try close(to: depth) }
        if line.count == start { appendEmptyObject() }
    }

    /// Promises a value at the present position, to be written by the encoder returned.
    func promise(key: any CodingKey, depth: Int) -> ValueEncoder {
        lastKey = key
        valueType = Never.self
        promised = line.count
        return ValueEncoder(writer: self, depth: depth, start: line.count)
    }

    /// Checks that a lone value may be written at `start`.
    func beginScalar(start: Int) throws {
        if fault != nil { try repeatFault() }
        guard line.count == start else { throw fail(.valueWrittenTwice) }
        promised = -1
    }

    // MARK: Containers

    /// Opens the container of the value at `start`, or finds it open, as when a subclass follows its superclass.
    func open(object isObject: Bool, sorting: Int, key: (any CodingKey)?, depth: Int, start: Int) {
        if isOpen(depth: depth, start: start) {
            if frames[depth].isObject != isObject { note(.valueWrittenTwice) }
            return
        }
        guard line.count == start, frames.count == depth else { return note(.valueWrittenTwice) }
        guard depth < limits.maxDepth else { return note(.tooDeep) }
        promised = -1
        if frames.isEmpty {
            frames.reserveCapacity(4)
            entries.reserveCapacity(12)
        }
        frames.append(
            Frame(
                start: start, isObject: isObject, sorting: sorting, firstEntry: entries.count, count: 0, key: key))
        line.append(isObject ? UInt8(ascii: "{") : UInt8(ascii: "["))
    }

    /// How the array that the value being written asks for must be sorted.
    func sortingOfArray() -> Int {
        (valueType as? any HashOrdered.Type)?.elementsPerEntry ?? 0
    }

    /// The keys that lead to the container at `depth`, or to a value in it that is still unwritten.
    func codingPath(depth: Int, start: Int?) -> [any CodingKey] {
        var path = frames.prefix(depth).compactMap(\.key)
        guard let start else { return path }
        if let key = isOpen(depth: depth, start: start) ? frames[depth].key : lastKey { path.append(key) }
        return path
    }

    private func repeatFault() throws(CodecError) {
        if let fault { throw fault }
    }

    private func isOpen(depth: Int, start: Int) -> Bool {
        depth >= 0 && frames.count > depth && frames[depth].start == start
    }

    /// Makes the container at `depth` the innermost one, or says that it was left already.
    private func settle(depth: Int, start: Int) throws(CodecError) {
        if fault != nil { try repeatFault() }
        if frames.count > depth || promised >= 0 { try close(to: depth) }
        guard frames.count == depth, frames[depth - 1].start == start else { throw fail(.containerClosed) }
        guard line.count <= limits.maxBytes else { throw fail(.tooLarge) }
    }

    private func close(to depth: Int) throws(CodecError) {
        if promised == line.count { appendEmptyObject() }
        promised = -1
        while frames.count > depth, let frame = frames.popLast() {
            try closeEntries(of: frame)
            line.append(frame.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        }
    }

    private func appendEmptyObject() {
        line.append("{}")
    }
}
