extension JSONLine {
    /// Writes an object; its members are what `members` writes.
    mutating func object(_ members: (inout JSONLine) throws(CodecError) -> Void) throws(CodecError) {
        append(UInt8(ascii: "{"))
        try members(&self)
        append(UInt8(ascii: "}"))
    }

    /// Begins a member whose value is written next.
    mutating func name(_ name: StaticString) {
        separate()
        append(Self.quote)
        append(name)
        append(Self.quote)
        append(UInt8(ascii: ":"))
    }

    mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        append(quoting: value)
    }

    mutating func member(_ name: StaticString, _ value: some FixedWidthInteger) {
        self.name(name)
        append(digitsOf: value)
    }

    mutating func member(_ name: StaticString, _ value: some JSONWritable) throws(CodecError) {
        self.name(name)
        try value.write(to: &self)
    }

    /// A number wider than other tools' numbers, as a string.
    mutating func quotedMember(_ name: StaticString, _ value: some FixedWidthInteger) {
        self.name(name)
        append(quotedDigitsOf: value)
    }

    /// A member whose name is data; whoever writes it has seen to it that there is no other of that name.
    mutating func entry(_ name: String, _ value: String) {
        separate()
        append(quoting: name)
        append(UInt8(ascii: ":"))
        append(quoting: value)
    }

    mutating func array(_ name: StaticString, of elements: [some JSONWritable]) throws(CodecError) {
        self.name(name)
        append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            try element.write(to: &self)
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func separate() {
        // The first member follows its brace.
        guard count > 0, memory[count - 1] != UInt8(ascii: "{") else { return }
        append(UInt8(ascii: ","))
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
        guard line.count <= limits.maxBytes else { throw CodecError(.tooLarge, offset: line.count) }
        return line.bytes
    }
}

extension JSONWriter {
    /// Writes a lone value at `start` without `Encodable`'s containers.
    func appendLine(_ value: some JSONWritable, start: Int) throws {
        try beginScalar(start: start)
        try value.write(to: &line)
    }
}
