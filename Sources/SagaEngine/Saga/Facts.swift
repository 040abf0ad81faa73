/// Named facts about an effect, in a fixed order, that a notice or an answer must agree with one by one.
///
/// Amounts stand in the asset's major units with its fixed number of decimals, so that equal amounts are equal text.
public struct Facts: Sendable, Equatable, Codable, ExpressibleByDictionaryLiteral {
    /// Name and value, in the order they are compared and shown.
    public let pairs: [Fact]

    /// One named fact.
    public struct Fact: Sendable, Equatable, Codable {
        /// What it is about: `amount`, `asset`, `from`, `to` and the like.
        public let name: String
        /// What it is.
        public let value: String

        /// States a fact.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Takes facts in order.
    public init(_ pairs: [Fact]) {
        self.pairs = pairs
    }

    /// Takes facts as written in source.
    public init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { Fact($0.0, $0.1) }
    }

    /// The value of a fact, or `nil` when it is not stated.
    public subscript(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// The expected facts that the given ones contradict or do not state, in order.
    public func mismatches(with actual: Facts) -> [FactMismatch] {
        pairs.compactMap { fact in
            let value = actual[fact.name]
            return value == fact.value ? nil : FactMismatch(name: fact.name, expected: fact.value, actual: value)
        }
    }

    /// Reads a flat JSON object.
    public init(from decoder: any Decoder) throws {
        if let own = decoder as? ValueDecoder {
            self = try Facts(own.reader, at: own.index)
            return
        }
        let container = try decoder.container(keyedBy: FactName.self)
        pairs = try container.allKeys.map { Fact($0.stringValue, try container.decode(String.self, forKey: $0)) }
    }

    /// Writes a flat JSON object in the facts' own order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FactName.self)
        for fact in pairs { try container.encode(fact.value, forKey: FactName(stringValue: fact.name)) }
    }

    private struct FactName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
