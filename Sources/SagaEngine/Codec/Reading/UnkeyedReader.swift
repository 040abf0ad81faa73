/// Reads the elements of one array, front to back.
struct UnkeyedReader: UnkeyedDecodingContainer {
    let reader: TapeReader
    let array: Int
    private var next: Int
    private(set) var currentIndex = 0

    init(reader: TapeReader, array: Int) throws(CodecError) {
        try reader.expect(.array, at: array)
        self.reader = reader
        self.array = array
        next = array + 1
    }

    var codingPath: [any CodingKey] { reader.path(to: array) }
    var count: Int? { Int(reader.tape[array].mark) }
    var isAtEnd: Bool { next >= Int(reader.tape[array].next) }

    /// The present element's token.
    private func element() throws(CodecError) -> Int {
        guard !isAtEnd else { throw reader.fail(.endOfArray, at: array) }
        return next
    }

    private mutating func advance() {
        next = Int(reader.tape[next].next)
        currentIndex += 1
    }

    /// Reads one element; a failure leaves the container where it was, as `decode` promises.
    @inline(__always)
    private mutating func take<T>(_ read: (TapeReader, Int) throws -> T) throws -> T {
        let value = try read(reader, try element())
        advance()
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard reader.isNull(try element()) else { return false }
        advance()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try take { try $0.bool($1) } }

    mutating func decode(_ type: String.Type) throws -> String { try take { try $0.string($1) } }

    mutating func decode(_ type: Double.Type) throws -> Double { throw reader.fail(.floatingPoint, at: try element()) }

    mutating func decode(_ type: Float.Type) throws -> Float { throw reader.fail(.floatingPoint, at: try element()) }

    mutating func decode<I: FixedWidthInteger & Decodable>(_ type: I.Type) throws -> I {
        try take { try $0.integer($1, as: type) }
    }

    mutating func decode(_ type: Int128.Type) throws -> Int128 { try take { try $0.wideInteger($1, as: type) } }

    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try take { try $0.wideInteger($1, as: type) } }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let position = currentIndex
        return try take { try $0.read(type, at: $1, key: PathIndex(position)) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try take { try ValueDecoder(reader: $0, index: $1).container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try take { try UnkeyedReader(reader: $0, array: $1) }
    }

    mutating func superDecoder() throws -> any Decoder {
        try take { ValueDecoder(reader: $0, index: $1) }
    }
}
