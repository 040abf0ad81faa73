/// Named facts about an effect, in a fixed order, that a notice or an answer must agree with one by one.
///
/// They are compared byte by byte, since a counterparty may have two accounts whose names only look alike. Amounts
/// stand in the asset's major units with its fixed number of decimals, so that equal amounts are equal text.
public struct Facts: Sendable, Equatable, Codable, ExpressibleByDictionaryLiteral {
    /// Names and values as a literal states them, so that none is copied.
    let entries: [(String, String)]

    /// Name and value, in the order they are compared and shown.
    public var pairs: [Fact] { entries.map { Fact($0.0, $0.1) } }

    /// One named fact.
    public struct Fact: Sendable, Equatable, Codable {
        /// What it is about: `amount`, `asset`, `from`, `to` and the like.
        public let name: String
        /// What it is.
        public let value: String

        /// Whether both state the same, byte for byte.
        public static func == (left: Fact, right: Fact) -> Bool {
            left.name.isSameBytes(as: right.name) && left.value.isSameBytes(as: right.value)
        }

        /// States a fact.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Takes facts in order.
    public init(_ pairs: [Fact]) {
        entries = pairs.map { ($0.name, $0.value) }
    }

    init(entries: [(String, String)]) {
        self.entries = entries
    }

    /// Takes facts as written in source.
    public init(dictionaryLiteral elements: (String, String)...) {
        entries = elements
    }

    /// The value of a fact, or `nil` when it is not stated.
    public subscript(_ name: String) -> String? {
        index(of: name).map { entries[$0].1 }
    }

    /// The expected facts that the given ones contradict or do not state, in order.
    public func mismatches(with actual: Facts) -> [FactMismatch] {
        var mismatches: [FactMismatch] = []
        for index in entries.indices where !actual.states(entries[index].0, as: entries[index].1) {
            let (name, expected) = entries[index]
            mismatches.append(FactMismatch(name: name, expected: expected, actual: actual[name]))
        }
        return mismatches
    }

    /// Whether both state one of the facts, and not the same of it.
    public func contradict(_ other: Facts) -> Bool {
        entries.contains { name, value in other[name].map { !$0.isSameBytes(as: value) } ?? false }
    }

    private func states(_ name: String, as value: String) -> Bool {
        guard let index = index(of: name) else { return false }
        return entries[index].1.isSameBytes(as: value)
    }

    /// Where a fact stands first. By places, since going through the pairs would count every text up and down.
    private func index(of name: String) -> Int? {
        var index = 0
        while index < entries.count {
            if entries[index].0.isSameBytes(as: name) { return index }
            index += 1
        }
        return nil
    }

    /// Reads a flat JSON object.
    public init(from decoder: any Decoder) throws {
        if let own = decoder as? ValueDecoder {
            self = try Facts(JSONObject(own.reader, at: own.index))
            return
        }
        let container = try decoder.container(keyedBy: FactName.self)
        entries = try container.allKeys.map { ($0.stringValue, try container.decode(String.self, forKey: $0)) }
    }

    /// Writes a flat JSON object in the facts' own order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FactName.self)
        for (name, value) in entries { try container.encode(value, forKey: FactName(stringValue: name)) }
    }

    /// Whether both state the same facts in the same order.
    public static func == (left: Facts, right: Facts) -> Bool {
        left.entries.elementsEqual(right.entries) {
            $0.0.isSameBytes(as: $1.0) && $0.1.isSameBytes(as: $1.1)
        }
    }

    private struct FactName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
