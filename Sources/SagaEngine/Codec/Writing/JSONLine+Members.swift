extension JSONLine {
    /// Writes an object; its members are what `members` writes.
    public mutating func object(
        _ members: (inout JSONLine) throws(CodecError) -> Void
    ) throws(CodecError) {
        try open(UInt8(ascii: "{"))
        try members(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes a member that is an object itself.
    public mutating func object(
        _ name: StaticString, _ members: (inout JSONLine) throws(CodecError) -> Void
    ) throws(CodecError) {
        self.name(name)
        try object(members)
    }

    /// Writes a text under a name; names are plain and differ from each other.
    public mutating func member(_ name: StaticString, _ value: borrowing String) {
        self.name(name)
        append(quoting: value)
    }

    /// Writes a name of a closed set, or one of its own type.
    public mutating func member(_ name: StaticString, _ value: some RawRepresentable<String>) {
        self.name(name)
        append(quoting: value.rawValue)
    }

    /// Writes an integer: as a string of digits when its type is wider than other tools' numbers.
    @inline(__always)
    public mutating func member<Value: FixedWidthInteger>(_ name: StaticString, _ value: Value) {
        self.name(name)
        if Value.bitWidth > 64 { append(quotedDigitsOf: value) } else { append(digitsOf: value) }
    }

    /// Writes a truth value.
    public mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        append(value ? "true" : "false")
    }

    /// Writes a value that writes itself.
    public mutating func member(_ name: StaticString, _ value: borrowing some JSONWritable) throws(CodecError) {
        self.name(name)
        try value.write(to: &self)
    }

    /// Writes values that write themselves, in order.
    public mutating func array(_ name: StaticString, of elements: [some JSONWritable]) throws(CodecError) {
        self.name(name)
        try open(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            try element.write(to: &self)
        }
        close(UInt8(ascii: "]"))
    }

    /// Writes texts, in order.
    public mutating func array(_ name: StaticString, of elements: [String]) {
        self.name(name)
        append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            append(quoting: element)
        }
        append(UInt8(ascii: "]"))
    }

    /// A member whose name is data; returns where that name stands, for its writer to see that it is the only one.
    mutating func entry(_ name: borrowing String, _ value: borrowing String) -> Range<Int> {
        separate()
        let start = count
        append(quoting: name)
        let end = count
        append(UInt8(ascii: ":"))
        append(quoting: value)
        return start..<end
    }

    /// Begins a member whose value is written next.
    @inline(__always)
    private mutating func name(_ name: StaticString) {
        separate()
        let length = name.utf8CodeUnitCount
        reserve(length + 3)
        memory[count] = Self.quote
        (memory + count + 1).update(from: name.utf8Start, count: length)
        memory[count + length + 1] = Self.quote
        memory[count + length + 2] = UInt8(ascii: ":")
        advance(by: length + 3)
    }

    private mutating func separate() {
        // The first member follows its brace.
        guard count > 0, memory[count - 1] != UInt8(ascii: "{") else { return }
        append(UInt8(ascii: ","))
    }

    private mutating func open(_ bracket: UInt8) throws(CodecError) {
        guard depth < CodecLimits.standard.maxDepth else { throw CodecError(.tooDeep, offset: count) }
        depth += 1
        append(bracket)
    }

    private mutating func close(_ bracket: UInt8) {
        depth -= 1
        append(bracket)
    }
}
