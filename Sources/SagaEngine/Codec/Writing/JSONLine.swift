/// JSON of a shape that the source states member by member, written straight into bytes.
///
/// What the engine writes with every stage goes this way; the text is the one that ``JournalEncoder`` makes of the same
/// type, and a test holds the two together.
struct JSONLine {
    private(set) var bytes: [UInt8] = []

    /// Makes room for a text of about this length.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Goes on where another text ends.
    init(after bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// Writes an object; its members are what `members` writes.
    mutating func object(_ members: (inout JSONLine) throws(CodecError) -> Void) throws(CodecError) {
        bytes.append(UInt8(ascii: "{"))
        try members(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    /// Begins a member whose value is written next.
    mutating func name(_ name: StaticString) {
        separate()
        bytes.append(JSONText.quote)
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(JSONText.quote)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        JSONText.append(value, to: &bytes)
    }

    mutating func member(_ name: StaticString, _ value: some FixedWidthInteger) {
        self.name(name)
        JSONText.append(value, to: &bytes)
    }

    mutating func member(_ name: StaticString, _ value: some JSONWritable) throws(CodecError) {
        self.name(name)
        try value.write(to: &self)
    }

    /// A number wider than other tools' numbers, as a string.
    mutating func quotedMember(_ name: StaticString, _ value: some FixedWidthInteger) {
        self.name(name)
        bytes.append(JSONText.quote)
        JSONText.append(value, to: &bytes)
        bytes.append(JSONText.quote)
    }

    /// A member whose name is data; whoever writes it has seen to it that there is no other of that name.
    mutating func entry(_ name: String, _ value: String) {
        separate()
        JSONText.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        JSONText.append(value, to: &bytes)
    }

    mutating func array(_ name: StaticString, of elements: [some JSONWritable]) throws(CodecError) {
        self.name(name)
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            try element.write(to: &self)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func separate() {
        // The first member follows its brace.
        guard let last = bytes.last, last != UInt8(ascii: "{") else { return }
        bytes.append(UInt8(ascii: ","))
    }
}

/// What the engine writes so often that it does so without `Encodable`'s containers.
protocol JSONWritable {
    /// Writes the value at the end of the text.
    func write(to line: inout JSONLine) throws(CodecError)
}

extension JournalEncoder {
    /// The value as one line of JSON in UTF-8.
    func line(_ value: some JSONWritable, capacity: Int = 256) throws(CodecError) -> [UInt8] {
        var line = JSONLine(capacity: capacity)
        try value.write(to: &line)
        guard line.bytes.count <= limits.maxBytes else { throw CodecError(.tooLarge, offset: line.bytes.count) }
        return line.bytes
    }
}

extension JSONWriter {
    /// Writes a lone value at `start` without `Encodable`'s containers.
    func appendLine(_ value: some JSONWritable, start: Int) throws {
        try beginScalar(start: start)
        var text: [UInt8] = []
        swap(&text, &buffer)
        var line = JSONLine(after: consume text)
        defer { buffer = line.bytes }
        try value.write(to: &line)
    }
}
