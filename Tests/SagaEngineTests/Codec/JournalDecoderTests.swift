import SagaEngine
import Testing

@Suite struct JournalDecoderTests {
    @Test func `white space, key order and unknown members do not matter`() throws {
        let text = " {\n\t\"extra\" : [ { \"a\" : [ ] } , 1e5 ] , \"b\" : \"x\" ,\r\"a\" : -3 } "
        #expect(try decoded(Pair.self, text) == Pair(a: -3, b: "x"))
        #expect(try decoded(Pair.self, #"{"b":null,"a":-0}"#) == Pair(a: 0))
        #expect(try decoded([Pair].self, "[ ]").isEmpty)
        #expect(try decoded(Pair.self, #"{"\u0061":1}"#) == Pair(a: 1))
        #expect(try decoded(Derived.self, #"{"amount":3,"super":{"id":"x"}}"#).id == "x")
    }

    @Test func `escapes and surrogate pairs are resolved`() throws {
        #expect(
            try decoded(String.self, #""\"\\\/\b\f\n\r\t\u0041\u00e9\uD83D\uDE00\u0000é😀""#)
                == "\"\\/\u{8}\u{c}\n\r\tA\u{e9}😀\u{0}é😀")
        #expect(try decoded([String: Int].self, #"{"\u00e9":1,"":2}"#) == ["é": 1, "": 2])
    }

    @Test func `integers are exact up to their last value and refused past it`() throws {
        #expect(try decoded([Int8].self, "[127,-128]") == [127, -128])
        #expect(try decoded([Int64].self, "[9223372036854775807,-9223372036854775808]") == [.max, .min])
        #expect(try decoded(UInt64.self, "18446744073709551615") == .max)
        #expect(try decoded(Int128.self, "\"-170141183460469231731687303715884105728\"") == .min)
        #expect(try decoded([UInt128].self, "[340282366920938463463374607431768211455,\"0\"]") == [.max, 0])
        #expect(fault { _ = try decoded(Int8.self, "128") }?.code == .numberOutOfRange)
        #expect(fault { _ = try decoded(UInt.self, "-1") }?.code == .numberOutOfRange)
        #expect(fault { _ = try decoded(Int64.self, "9223372036854775808") }?.code == .numberOutOfRange)
        #expect(fault { _ = try decoded(UInt64.self, "18446744073709551616") }?.code == .numberOutOfRange)
        #expect(
            fault { _ = try decoded(Int128.self, "\"170141183460469231731687303715884105728\"") }?.code
                == .numberOutOfRange)
        for text in ["\"01\"", "\"+1\"", "\"-0\"", "\"\"", "\"-\"", "\" 1\"", "\"1.0\"", "\"\\u0031\""] {
            #expect(fault { _ = try decoded(Int128.self, text) }?.code == .typeMismatch, "\(text)")
        }
    }

    @Test func `what the type cannot be made of is refused with the field and the byte`() {
        #expect(fault { _ = try decoded(Pair.self, #"{"b":"x"}"#) } == CodecError(.keyMissing, offset: 0, field: "a"))
        #expect(
            fault { _ = try decoded(Pair.self, #"{"a":null}"#) }
                == CodecError(.valueMissing, offset: 5, field: "a"))
        #expect(
            fault { _ = try decoded(Pair.self, #"{"a":true}"#) }
                == CodecError(.typeMismatch, offset: 5, field: "a"))
        #expect(
            fault { _ = try decoded(Pair.self, #"{"a":1.0}"#) }
                == CodecError(.floatingPoint, offset: 5, field: "a"))
        #expect(fault { _ = try decoded(Double.self, "1.5") }?.code == .floatingPoint)
        #expect(fault { _ = try decoded(Pair.self, "[1]") }?.code == .typeMismatch)
        #expect(fault { _ = try decoded([Int].self, "{}") }?.code == .typeMismatch)
        #expect(fault { _ = try decoded([String: Int].self, #"{"AE07":"x"}"#) }?.field == nil)
        #expect(fault { _ = try decoded(Outcome.Reason.self, #""other""#) }?.code == .refusedByType)
        struct Two: Decodable {
            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                for _ in 0..<2 { _ = try list.decode(Int.self) }
            }
        }
        #expect(fault { _ = try decoded(Two.self, "[1]") }?.code == .endOfArray)
    }

    @Test func `depth and size are held to the limit exactly`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSONValue.parse(nested(64)).arrayValue?.count == 1)
        #expect(fault { _ = try JSONValue.parse(nested(65)) } == CodecError(.tooDeep, offset: 64))
        #expect(fault { _ = try JSONValue.parse(String(repeating: "[", count: 100_000)) }?.code == .tooDeep)
        let limits = CodecLimits(maxBytes: 3, maxDepth: 1)
        #expect(try JSONValue.parse("123", limits: limits) == 123)
        #expect(fault { _ = try JSONValue.parse("1234", limits: limits) } == CodecError(.tooLarge, offset: 3))
    }

    @Test func `a type finds the user info and its path`() throws {
        struct Probe: Decodable {
            let seen: String
            let path: [String]
            init(from decoder: any Decoder) throws {
                let key = CodingUserInfoKey(rawValue: "saga")
                seen = key.flatMap { decoder.userInfo[$0] as? String } ?? ""
                path = decoder.codingPath.map(\.stringValue)
            }
        }
        let key = try #require(CodingUserInfoKey(rawValue: "saga"))
        let decoder = JournalDecoder(userInfo: [key: "s-1"])
        let text = #"{"skip":[{"a":{}},2],"list":[[1],{"deep":{"x":1}}]}"#
        struct Outer: Decodable { let list: [Item] }
        enum Item: Decodable {
            case numbers, probe([String: Probe])
            init(from decoder: any Decoder) throws {
                do {
                    self = .probe(try [String: Probe](from: decoder))
                } catch let error as CodecError where error.code == .typeMismatch {
                    self = .numbers
                }
            }
        }
        let outer = try decoder.decode(Outer.self, from: Array(text.utf8))
        guard case .probe(let probes) = outer.list[1] else { return #expect(Bool(false), "the second is an object") }
        #expect(probes["deep"]?.seen == "s-1")
        #expect(probes["deep"]?.path == ["list", "1", "deep"])
    }
}
