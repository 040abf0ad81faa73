import Testing

@testable import Adapters

struct SuggestionTests {
    private static let names = ["settle", "submit", "list", "show", "retry", "resume", "resolve"]

    @Test(arguments: [("setle", "settle"), ("shwo", "show"), ("resol", "resolve"), ("retyr", "retry"), ("lst", "list")])
    func `a slip of the hand finds the name that was meant`(typed: String, meant: String) {
        #expect(Suggestion.nearest(to: typed, among: Self.names) == meant)
    }

    @Test(arguments: ["", "x", "audit", "zzzz", String(repeating: "list", count: 17)])
    func `what is near to nothing suggests nothing`(typed: String) {
        #expect(Suggestion.nearest(to: typed, among: Self.names) == nil)
    }
}
