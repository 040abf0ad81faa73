import SagaEngine

struct Posting: Codable, Hashable {
    var id: String
    var units: Int64
    var note: String?
    var tags: [String: Int]
    var parts: [Part]

    struct Part: Codable, Hashable {
        var weight: UInt128
        var change: Int128
        var flag: Bool
    }
}

enum Outcome: Codable, Hashable {
    case settled(reference: String, minor: Int64)
    case refused(Reason)
    case pending

    enum Reason: String, Codable { case limit, sanctions }
}

class Base: Codable {
    var id: String
    init(id: String) { self.id = id }
}

final class Derived: Base {
    var amount: Int

    private enum CodingKeys: String, CodingKey { case amount }

    init(id: String, amount: Int) {
        self.amount = amount
        super.init(id: id)
    }

    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        amount = try container.decode(Int.self, forKey: .amount)
        try super.init(from: try container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try super.encode(to: container.superEncoder())
        try container.encode(amount, forKey: .amount)
    }
}

struct Pair: Codable, Hashable {
    var a: Int
    var b: String?
}

struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int?
    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Encodes itself as a closure says, to reach the odd corners of the container protocols.
struct Scripted: Encodable {
    let script: @Sendable (any Encoder) throws -> Void
    func encode(to encoder: any Encoder) throws { try script(encoder) }
}

/// SplitMix64: the same seed gives the same run.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

func encoded(_ value: some Encodable) throws -> String {
    String(decoding: try JournalEncoder().encode(value), as: UTF8.self)
}

func decoded<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try JournalDecoder().decode(type, from: Array(text.utf8))
}

/// The fault that a call throws; nil if it throws none or another error.
func fault(_ call: () throws -> Void) -> CodecError? {
    do {
        try call()
        return nil
    } catch {
        return error as? CodecError
    }
}

extension Posting {
    /// A posting made of whatever the numbers bring: awkward text, extremes, missing notes.
    static func random(using numbers: inout SeededNumbers, mostTags: Int = 20) -> Posting {
        let parts = (0..<Int.random(in: 0...2, using: &numbers)).map { _ in
            Part(
                weight: UInt128.random(in: 0...UInt128.max, using: &numbers) >> UInt128(numbers.next() % 128),
                change: Int128.random(in: Int128.min...Int128.max, using: &numbers) >> Int128(numbers.next() % 128),
                flag: Bool.random(using: &numbers))
        }
        var tags: [String: Int] = [:]
        for _ in 0..<Int.random(in: 0...mostTags, using: &numbers) {
            tags[randomText(using: &numbers)] = Int(truncatingIfNeeded: numbers.next())
        }
        return Posting(
            id: randomText(using: &numbers), units: Int64(truncatingIfNeeded: numbers.next() >> (numbers.next() % 64)),
            note: Bool.random(using: &numbers) ? randomText(using: &numbers) : nil, tags: tags, parts: parts)
    }

    static func randomText(using numbers: inout SeededNumbers) -> String {
        let alphabet = Array("ab\"\\/\u{0}\u{1f}\n\t\u{7f}é\u{301}€\u{2028}😀𝄞 漢")
        return String(
            (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                alphabet[Int(numbers.next() % UInt64(alphabet.count))]
            })
    }
}
