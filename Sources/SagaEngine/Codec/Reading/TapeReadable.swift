/// What the engine reads so often that it does so straight from the tokens, without `Decodable`'s containers.
///
/// The text is the one that the type's `Encodable` writes, and what is refused is the same; a test holds them together.
protocol TapeReadable {
    /// Reads the value at a token.
    init(_ reader: TapeReader, at index: Int) throws(CodecError)
}

extension JournalDecoder {
    /// The value that one JSON text holds.
    func read<T: TapeReadable>(_ type: T.Type, from bytes: [UInt8]) throws(CodecError) -> T {
        try T(TapeReader(bytes: bytes, tape: try JSONParser.tape(of: bytes, limits: limits)), at: 0)
    }
}

extension TapeReader {
    /// The token of a member's value.
    func required(_ name: String, of object: Int) throws(CodecError) -> Int {
        guard let index = member(name, of: object) else {
            throw CodecError(.keyMissing, offset: Int(tape[object].start), field: name)
        }
        return index
    }

    /// The token of a member's value, unless it is missing or null.
    func optional(_ name: String, of object: Int) -> Int? {
        guard let index = member(name, of: object), !isNull(index) else { return nil }
        return index
    }

    func string(_ name: String, of object: Int) throws(CodecError) -> String {
        try string(try required(name, of: object))
    }

    /// A value of an enumeration with names.
    func choice<Choice: RawRepresentable<String>>(
        _ name: String, of object: Int, as type: Choice.Type
    ) throws(CodecError) -> Choice {
        let index = try required(name, of: object)
        guard let choice = Choice(rawValue: try string(index)) else {
            throw CodecError(.typeMismatch, offset: Int(tape[index].start), field: name)
        }
        return choice
    }
}
