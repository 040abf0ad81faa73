import Testing

@testable import saga_runner

@Suite struct TokenBookTests {
    private static let one = String(repeating: "a", count: 64)
    private static let other = String(repeating: "b", count: 64)

    @Test func `a person may have two tokens of one role`() {
        #expect(TokenBook.read("ann operator \(Self.one)\nann operator \(Self.other)\n").faults == [])
    }

    @Test func `one name with two roles is refused`() {
        let faults = TokenBook.read("ann operator \(Self.one)\nann admin \(Self.other)\n").faults
        #expect(faults == ["line 2 gives ann another role than a line above it"])
    }

    @Test(arguments: ["ann\u{202e}", "an\u{200b}n", "\u{feff}ann", "a\u{1}nn"])
    func `a name with what is not seen is refused with its place`(_ name: String) {
        let faults = TokenBook.read("\(name) operator \(Self.one)\n").faults
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("line 1 has a name with U+") == true)
    }
}
