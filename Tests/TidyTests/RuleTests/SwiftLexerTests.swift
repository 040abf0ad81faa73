import Testing

@Suite struct SwiftLexerTests {
    private func words(_ source: String) -> [String] {
        SwiftLexer.tokens(of: source).map(\.text)
    }

    @Test func `comments and strings say nothing`() {
        #expect(words("a /* b /* c */ d */ e // f\ng") == ["a", "e", "g"])
        #expect(words(##"a "b \" c" #"d " e"# f"##) == ["a", "\"", "\"", "f"])
        #expect(words("a \"\"\"\n b \"c\" \n\"\"\" d") == ["a", "\"", "d"])
    }

    @Test func `code inside a string is code`() {
        #expect(words(#""a \(b("c")) d" e"#) == ["\"", "b", "(", "\"", ")", "e"])
        #expect(words(##"#"a \(b) \#(c)"#"##) == ["\"", "c"])
    }

    @Test func `a string that is not closed ends with its line`() {
        #expect(words("\"a\nb") == ["\"", "b"])
    }

    @Test func `a raw identifier is one word`() {
        #expect(words("func `a { b`() {}") == ["func", "a { b", "(", ")", "{", "}"])
    }

    @Test func `numbers keep their point, members do not`() {
        #expect(words("1.5 $0.1 0x1F") == ["1.5", "$0", ".", "1", "0x1F"])
        #expect(words("a.0.1 1..<2") == ["a", ".", "0", ".", "1", "1", ".", ".", "<", "2"])
    }

    @Test func `lines are counted through everything`() {
        let tokens = SwiftLexer.tokens(of: "/*\n*/ a \"\"\"\n\n\"\"\"\n`b`")
        #expect(tokens.map(\.line) == [2, 2, 5])
    }

    @Test func `a function is measured from its name to its brace`() {
        let file = TreeFile(
            "A.swift",
            """
            protocol P { func p(a: Int) async throws -> Int }
            func a(b: () -> Void = { c() }) where D == E {
                func f() {}
            }
            struct S { init() { self.init(1) } }
            """)
        #expect(
            file.functions == [
                FunctionSpan(name: "a", line: 2, length: 3), FunctionSpan(name: "f", line: 3, length: 1),
                FunctionSpan(name: "init", line: 5, length: 1),
            ])
    }

    @Test func `public types of the top level are found`() {
        let file = TreeFile(
            "A.swift",
            """
            @frozen public struct A { public struct B {} }
            enum C {}
            public extension C { struct D {} }
            public final class E {}
            @_spi(Engine) public protocol F: Sendable {}
            public let g = 1
            """)
        #expect(file.publicTypes.map(\.name) == ["A", "E", "F"])
    }
}
