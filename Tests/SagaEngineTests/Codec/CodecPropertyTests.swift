import Foundation
import SagaEngine
import Testing

@Suite struct CodecPropertyTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `what is written reads back equal, and Foundation reads the same`(seed: UInt64) throws {
        var numbers = SeededNumbers(state: seed)
        for _ in 0..<150 {
            let posting = Posting.random(using: &numbers)
            let bytes = try JournalEncoder().encode(posting)
            #expect(try JournalDecoder().decode(Posting.self, from: bytes) == posting)
            #expect(try JournalEncoder().encode(posting) == bytes)
            let foreign = try JSONDecoder().decode(Mirror.self, from: Data(bytes))
            #expect(foreign == Mirror(posting), "seed \(seed)")
            let untyped = try JSONValue.parse(bytes)
            #expect(untyped.bytes() == bytes)
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `what Foundation writes reads the same here`(seed: UInt64) throws {
        var numbers = SeededNumbers(state: seed)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        for _ in 0..<150 {
            let mirror = Mirror(Posting.random(using: &numbers))
            let bytes = [UInt8](try encoder.encode(mirror))
            #expect(try JournalDecoder().decode(Mirror.self, from: bytes) == mirror, "seed \(seed)")
        }
    }

    @Test func `outcomes and their arrays survive the round trip`() throws {
        let outcomes: [Outcome?] = [.settled(reference: "é\"", minor: .min), nil, .refused(.sanctions), .pending]
        #expect(try decoded([Outcome?].self, try encoded(outcomes)) == outcomes)
        let sets = [Pair(a: 1): Set(["x", "y"]), Pair(a: 2, b: ""): []]
        #expect(try decoded([Pair: Set<String>].self, try encoded(sets)) == sets)
        let ids: [Int: UInt128] = [1: .max, -5: 0]
        #expect(try decoded([Int: UInt128].self, try encoded(ids)) == ids)
    }

    @Test(arguments: [6, 7] as [UInt64])
    func `mutated text is read or refused but never traps`(seed: UInt64) throws {
        var numbers = SeededNumbers(state: seed)
        let structure = Array("{}[]\",:\\ud8-0.9etfn \u{0}".utf8) + [0x80, 0xc2, 0xe2, 0xff]
        var taken = 0
        for _ in 0..<500 {
            let original = try JournalEncoder().encode(Posting.random(using: &numbers, mostTags: 2))
            for _ in 0..<100 {
                var bytes = original
                for _ in 0...(numbers.next() % 3) {
                    let place = Int(numbers.next() % UInt64(bytes.count))
                    switch numbers.next() % 4 {
                    case 0: bytes[place] = structure[Int(numbers.next() % UInt64(structure.count))]
                    case 1: bytes.insert(structure[Int(numbers.next() % UInt64(structure.count))], at: place)
                    case 2 where bytes.count > 1: bytes.remove(at: place)
                    default: bytes.removeLast(min(bytes.count - 1, Int(numbers.next() % 9)))
                    }
                }
                do {
                    let value = try JSONValue.parse(bytes)
                    taken += 1
                    #expect(try JSONValue.parse(value.bytes(.pretty)) == value)
                    _ = try JournalDecoder().decode(Posting.self, from: bytes)
                } catch {
                    #expect(error.offset <= bytes.count, "seed \(seed)")
                }
            }
        }
        #expect(taken > 100, "some mutations must stay well-formed, or nothing but the first byte is tested")
    }
}

/// A posting in types that Foundation's coders know: wide integers are strings for them.
private struct Mirror: Codable, Equatable {
    var id: String
    var units: Int64
    var note: String?
    var tags: [String: Int]
    var parts: [Part]

    struct Part: Codable, Equatable {
        var weight: String
        var change: String
        var flag: Bool
    }

    init(_ posting: Posting) {
        id = posting.id
        units = posting.units
        note = posting.note
        tags = posting.tags
        parts = posting.parts.map {
            Part(weight: String($0.weight), change: String($0.change), flag: $0.flag)
        }
    }
}
