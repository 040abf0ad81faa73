import Testing

@testable import SagaEngine

@Suite struct JSONWritableTests {
    private enum Colour: String, Codable { case red }

    /// One member of every kind, written by hand in the order of the declaration.
    private struct Everything: Codable, JSONWritable {
        var text = "a \"quoted\"\n\u{1} text, é"
        var colour = Colour.red
        var small = Int64.min
        var wide = Int128.max
        var unsigned = UInt128.max
        var yes = true
        var no = false
        var inner = Inner()
        var absent: String?
        var inners = [Inner(), Inner()]
        var none: [Inner] = []
        var texts = ["", "b"]

        func write(to line: inout JSONLine) throws(CodecError) {
            try line.object { line throws(CodecError) in
                line.member("text", text)
                line.member("colour", colour)
                line.member("small", small)
                line.member("wide", wide)
                line.member("unsigned", unsigned)
                line.member("yes", yes)
                line.member("no", no)
                try line.member("inner", inner)
                if let absent { line.member("absent", absent) }
                try line.array("inners", of: inners)
                try line.array("none", of: none)
                line.array("texts", of: texts)
            }
        }
    }

    private struct Inner: Codable, JSONWritable {
        var number = 7

        func write(to line: inout JSONLine) throws(CodecError) {
            try line.object { line in line.member("number", number) }
        }
    }

    /// What does not care is written by its `Encodable`.
    private struct Plain: Codable, JSONWritable {
        var name = "x"
        var amounts: [String: Int] = ["b": 1, "a": 2]
    }

    private struct Nest: JSONWritable {
        let levels: Int

        func write(to line: inout JSONLine) throws(CodecError) {
            try line.object { line throws(CodecError) in
                if levels > 1 { try line.member("n", Nest(levels: levels - 1)) }
            }
        }
    }

    private struct Long: JSONWritable {
        let bytes: Int

        func write(to line: inout JSONLine) throws(CodecError) {
            try line.object { line in line.member("a", String(repeating: "x", count: bytes - #"{"a":""}"#.utf8.count)) }
        }
    }

    private func text(of value: some JSONWritable) throws -> [UInt8] {
        var line = JSONLine()
        return try JournalEncoder().line(value, in: &line)
    }

    @Test func `a value that writes itself is the text of its Encodable`() throws {
        let value = Everything()
        #expect(try JournalEncoder().line(value) == JournalEncoder().encode(value))
    }

    @Test func `a value that does not care is the text of its Encodable`() throws {
        #expect(try JournalEncoder().line(Plain()) == JournalEncoder().encode(Plain()))
    }

    @Test func `nesting ends at the limit`() throws {
        let limit = CodecLimits.standard.maxDepth
        let deepest = try text(of: Nest(levels: limit))
        #expect(try JSONParser.tape(of: deepest, limits: .standard).count == 2 * limit - 1)
        #expect(throws: CodecError.self) { try text(of: Nest(levels: limit + 1)) }
    }

    @Test func `length ends at the limit`() throws {
        let limit = CodecLimits.standard.maxBytes
        #expect(try text(of: Long(bytes: limit)).count == limit)
        #expect(throws: CodecError.self) { try text(of: Long(bytes: limit + 1)) }
    }
}
