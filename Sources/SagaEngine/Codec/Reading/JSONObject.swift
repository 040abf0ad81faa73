/// An object in a text that has been checked; its members are read when they are asked for. Members that are asked for
/// in the order of the text cost one look each, and what nobody asks for costs nothing.
public struct JSONObject {
    let reader: TapeReader
    let index: Int

    /// The object at a token.
    init(_ reader: TapeReader, at index: Int) throws(CodecError) {
        try reader.expect(.object, at: index)
        self.reader = reader
        self.index = index
    }

    /// Whether there is a member of this name, and it is not null.
    public func has(_ name: String) -> Bool {
        reader.member(name, of: index).map { !reader.isNull($0) } ?? false
    }

    /// A text.
    public func string(_ name: String) throws(CodecError) -> String {
        try naming(name) { at throws(CodecError) in try reader.string(at) }
    }

    /// An integer; one whose type is wider than other tools' numbers stands as a string of digits.
    public func integer<Value: FixedWidthInteger>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(CodecError) -> Value {
        try naming(name) { at throws(CodecError) in
            Value.bitWidth > 64 ? try reader.wideInteger(at, as: type) : try reader.integer(at, as: type)
        }
    }

    /// A name of a closed set, or one of a type that has its own rule.
    public func choice<Choice: RawRepresentable<String>>(
        _ name: String, as type: Choice.Type = Choice.self
    ) throws(CodecError) -> Choice {
        guard let choice = Choice(rawValue: try string(name)) else { throw refusal(of: name) }
        return choice
    }

    /// A value that reads itself.
    public func value<Value: JSONReadable>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(CodecError) -> Value {
        try Value(JSONObject(reader, at: try required(name)))
    }

    /// Values that read themselves, in order.
    public func array<Element: JSONReadable>(
        _ name: String, of type: Element.Type = Element.self
    ) throws(CodecError) -> [Element] {
        try elements(of: name) { at throws(CodecError) in try Element(JSONObject(reader, at: at)) }
    }

    /// Texts, in order.
    public func strings(_ name: String) throws(CodecError) -> [String] {
        try elements(of: name) { at throws(CodecError) in try reader.string(at) }
    }

    /// The fault of a member whose value its type does not accept.
    public func refusal(of name: String) -> CodecError {
        let at = reader.member(name, of: index) ?? index
        return CodecError(.refusedByType, offset: Int(reader.tape[at].start), field: name)
    }

    /// The token of a member's value.
    private func required(_ name: String) throws(CodecError) -> Int {
        guard let at = reader.member(name, of: index) else {
            throw CodecError(.keyMissing, offset: Int(reader.tape[index].start), field: name)
        }
        return at
    }

    private func elements<Element>(
        of name: String, _ read: (Int) throws(CodecError) -> Element
    ) throws(CodecError) -> [Element] {
        try naming(name) { array throws(CodecError) in
            try reader.expect(.array, at: array)
            var elements: [Element] = []
            var at = array + 1
            while at < Int(reader.tape[array].next) {
                elements.append(try read(at))
                at = Int(reader.tape[at].next)
            }
            return elements
        }
    }

    /// Reads a member and, only when that fails and does not say so itself, says which it was.
    @inline(__always)
    private func naming<Value>(
        _ name: String, _ read: (Int) throws(CodecError) -> Value
    ) throws(CodecError) -> Value {
        let at = try required(name)
        do {
            return try read(at)
        } catch {
            throw CodecError(error.code, offset: error.offset, field: error.field ?? name)
        }
    }
}
