import SagaEngine
import Testing

@Suite struct JournalEncoderTests {
    @Test func `a value is written in its own order, compact, with absent optionals left out`() throws {
        let part = Posting.Part(weight: .max, change: .min, flag: true)
        let posting = Posting(
            id: "p-1", units: -7, note: nil, tags: ["b": 2, "a": 1, "a b": 3, "a!": 4], parts: [part])
        #expect(
            try encoded(posting) == """
                {"id":"p-1","units":-7,"tags":{"a":1,"a b":3,"a!":4,"b":2},"parts":[{"weight":\
                "340282366920938463463374607431768211455","change":"-170141183460469231731687303715884105728",\
                "flag":true}]}
                """)
    }

    @Test func `lone values, extremes and nulls are written as JSON has them`() throws {
        #expect(try encoded(Int64.min) == "-9223372036854775808")
        #expect(try encoded(UInt64.max) == "18446744073709551615")
        #expect(try encoded(Int8(-128)) == "-128")
        #expect(try encoded(0) == "0")
        #expect(try encoded([Int?.none, 10]) == "[null,10]")
        #expect(try encoded(String?.none) == "null")
        #expect(try encoded([[Int]]()) == "[]")
        #expect(try encoded([[], [1]] as [[Int]]) == "[[],[1]]")
        #expect(try encoded([true, false]) == "[true,false]")
    }

    @Test func `only what must be escaped is escaped`() throws {
        #expect(
            try encoded("\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é😀\u{2028}")
                == #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7f}é😀\u{2028}\"")
        #expect(try encoded("seven b") == #""seven b""#)
        #expect(try encoded("1234567\"") == #""1234567\"""#)
        #expect(try encoded("12345678\n") == #""12345678\n""#)
        #expect(try encoded(["a\"b": 1]) == #"{"a\"b":1}"#)
    }

    @Test func `enums with associated values keep their synthesised form`() throws {
        #expect(try encoded(Outcome.settled(reference: "r", minor: 5)) == #"{"settled":{"reference":"r","minor":5}}"#)
        #expect(try encoded(Outcome.refused(.limit)) == #"{"refused":{"_0":"limit"}}"#)
        #expect(try encoded([Outcome.pending]) == #"[{"pending":{}}]"#)
    }

    @Test func `dictionaries and sets come out sorted whatever the hash seed`() throws {
        // Two dictionaries of different capacity iterate in different orders even in one process.
        let names = (0..<200).map { "k\($0)" }
        for capacity in [0, 500, 5_000] {
            var dictionary = [String: [String: Int]](minimumCapacity: capacity)
            var set = Set<String>(minimumCapacity: capacity)
            for name in names.shuffled() {
                dictionary[name] = ["z": 1, "a": 2]
                set.insert(name)
            }
            let members = names.sorted().map { #""\#($0)":{"a":2,"z":1}"# }
            #expect(try encoded(dictionary) == "{" + members.joined(separator: ",") + "}")
            #expect(try encoded(set) == "[" + names.sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]")
        }
        #expect(try encoded([10: "a", 9: "b", -1: "c"]) == #"{"-1":"c","10":"a","9":"b"}"#)
        let byPair = [Pair(a: 2): Set([3, 1]), Pair(a: 1, b: "x"): []]
        #expect(try encoded(byPair) == #"[{"a":1,"b":"x"},[],{"a":2},[1,3]]"#)
        #expect(try encoded(["s": Optional(Set([2, 1]))]) == #"{"s":[1,2]}"#)
    }

    @Test func `a subclass writes its superclass under super, or into the same object`() throws {
        #expect(try encoded(Derived(id: "x", amount: 3)) == #"{"super":{"id":"x"},"amount":3}"#)
        let merged = Scripted { encoder in
            var first = encoder.container(keyedBy: AnyKey.self)
            try first.encode(1, forKey: AnyKey("a"))
            var second = encoder.container(keyedBy: AnyKey.self)
            try second.encode(2, forKey: AnyKey("b"))
        }
        #expect(try encoded([merged]) == #"[{"a":1,"b":2}]"#)
    }

    @Test func `nested containers and unused promises close in order`() throws {
        let value = Scripted { encoder in
            var object = encoder.container(keyedBy: AnyKey.self)
            var list = object.nestedUnkeyedContainer(forKey: AnyKey("list"))
            var inner = list.nestedContainer(keyedBy: AnyKey.self)
            try inner.encodeNil(forKey: AnyKey("nil"))
            _ = list.nestedUnkeyedContainer()
            var promised = list.superEncoder().singleValueContainer()
            try promised.encode("s")
            _ = object.superEncoder()
            _ = object.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey("empty"))
            try object.encode(Scripted { _ in }, forKey: AnyKey("silent"))
            _ = object.superEncoder(forKey: AnyKey("last"))
        }
        #expect(try encoded(value) == #"{"list":[{"nil":null},[],"s"],"super":{},"empty":{},"silent":{},"last":{}}"#)
    }

    @Test func `what no strict reader would take back is refused`() {
        #expect(fault { _ = try encoded(1.5) }?.code == .floatingPoint)
        let floating = fault { _ = try encoded(["rate": ["x": Float(1)]]) }
        #expect(floating?.code == .floatingPoint && floating?.field == nil, "a dictionary's key is data")
        let twice = Scripted { encoder in
            var object = encoder.container(keyedBy: AnyKey.self)
            for _ in 0..<2 { try object.encode(1, forKey: AnyKey("a")) }
        }
        #expect(fault { _ = try encoded(twice) }?.code == .duplicateKey)
        let manyTwice = Scripted { encoder in
            var object = encoder.container(keyedBy: AnyKey.self)
            for index in 0..<40 { try object.encode(1, forKey: AnyKey("k\(index % 39)")) }
        }
        #expect(fault { _ = try encoded(manyTwice) }?.code == .duplicateKey)
        let late = Scripted { encoder in
            var list = encoder.unkeyedContainer()
            var first = list.nestedUnkeyedContainer()
            _ = list.nestedUnkeyedContainer()
            try first.encode(1)
        }
        #expect(fault { _ = try encoded(late) }?.code == .containerClosed)
        let two = Scripted { encoder in
            _ = encoder.unkeyedContainer()
            _ = encoder.container(keyedBy: AnyKey.self)
        }
        #expect(fault { _ = try encoded(two) }?.code == .valueWrittenTwice)
        let scalars = Scripted { encoder in
            var value = encoder.singleValueContainer()
            try value.encode(1)
            try value.encode(2)
        }
        #expect(fault { _ = try encoded([scalars]) }?.code == .valueWrittenTwice)
    }

    @Test func `depth and size are held to the limit exactly`() throws {
        let encoder = JournalEncoder(limits: CodecLimits(maxBytes: 11, maxDepth: 2))
        #expect(try encoder.encode([[1234], []]).count == 11)
        #expect(fault { _ = try encoder.encode([[12345], []]) }?.code == .tooLarge)
        #expect(fault { _ = try encoder.encode([[[Int]]()]) } == nil)
        #expect(fault { _ = try encoder.encode([[[1]]]) }?.code == .tooDeep)
        final class Endless: Encodable, Sendable {
            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                try list.encode(self)
            }
        }
        #expect(fault { _ = try JournalEncoder().encode(Endless()) }?.code == .tooDeep)
    }

    @Test func `a type finds the user info and its path, and its own errors carry no payload`() throws {
        struct Secret: Error { let iban = "AE07" }
        let key = try #require(CodingUserInfoKey(rawValue: "saga"))
        let value = Scripted { encoder in
            #expect(encoder.userInfo[key] as? String == "s-1")
            #expect(encoder.codingPath.map(\.stringValue) == ["in", "1"])
            throw Secret()
        }
        struct Outer: Encodable { let `in`: [Scripted] }
        let first = Scripted { encoder in try "x".encode(to: encoder) }
        let error = fault { _ = try JournalEncoder(userInfo: [key: "s-1"]).encode(Outer(in: [first, value])) }
        #expect(error?.code == .refusedByType)
        #expect(error.map { !"\($0)".contains("AE07") } == true)
    }
}
