/// Header lines in their order, repeated ones included; names compare without case.
public struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
    /// The lines in their order.
    public private(set) var fields: [HTTPHeader] = []

    /// No lines.
    public init() {}

    /// The lines of a literal, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { HTTPHeader($0, $1) }
    }

    /// Appends a line; one of the same name stays.
    public mutating func add(_ name: String, _ value: String) {
        fields.append(HTTPHeader(name, value))
    }

    /// Puts one line in place of all lines of that name.
    public mutating func set(_ name: String, _ value: String) {
        remove(name)
        add(name, value)
    }

    /// Removes all lines of a name.
    public mutating func remove(_ name: String) {
        fields.removeAll { Self.same($0.name, name) }
    }

    /// The first value of a name.
    public subscript(name: String) -> String? {
        fields.first { Self.same($0.name, name) }?.value
    }

    /// All values of a name, in their order.
    public func all(_ name: String) -> [String] {
        fields.filter { Self.same($0.name, name) }.map(\.value)
    }

    /// The lines in their order.
    public func makeIterator() -> IndexingIterator<[HTTPHeader]> {
        fields.makeIterator()
    }

    static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lowered($0) == lowered($1) }
    }

    private static func lowered(_ character: UInt8) -> UInt8 {
        (0x41...0x5a).contains(character) ? character | 0x20 : character
    }

    /// Whether a text is a header name: a token of RFC 9110 §5.6.2.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { character in
                switch character {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(character)
                }
            }
    }

    /// Whether a text can be a header value: no control characters but the tab, no white space at its ends.
    static func isValue(_ value: String) -> Bool {
        let bytes = value.utf8
        return bytes.allSatisfy { ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }
            && bytes.first != 0x20 && bytes.first != 0x09 && bytes.last != 0x20 && bytes.last != 0x09
    }
}
