import Testing

/// The rules that look at more than one file.
@Suite struct TreeRuleTests {
    private static let sections = "## Context\n## Options\n## Decision\n## Consequences\n"

    private func links(_ text: String) -> [Finding] {
        Rule.links.findings([TreeFile("docs/adr/0001-a.md", text), TreeFile("docs/b.md", "# B")])
    }

    @Test func `a link that leads nowhere is refused`() {
        #expect(links("[b](../c.md)").count == 1)
        #expect(links("[b](../../../c.md)").count == 1)
        #expect(links("[b](/docs/b.md)").count == 1)
        #expect(links("[b](../b.md#part), [c](..), [d](#here), [e](https://a.example/x)\n```\n[f](no)\n```") == [])
    }

    @Test func `a gap in the decisions is refused`() {
        let first = TreeFile("docs/adr/0001-a.md", "# A\n" + Self.sections)
        let third = TreeFile("docs/adr/0003-c.md", "# C\n" + Self.sections)
        let second = TreeFile("docs/adr/0002-c.md", "# C\n" + Self.sections)
        let index = TreeFile("docs/adr/README.md", "[A](0001-a.md) [C](0002-c.md) [C](0003-c.md)")
        #expect(Rule.decisions.findings([index, first, third]).map(\.path) == [third.path])
        #expect(Rule.decisions.findings([index, first, second]) == [])
    }

    @Test func `a decision that is not listed or lacks a section is refused`() {
        let page = TreeFile("docs/adr/0001-a.md", "# A\n" + Self.sections)
        let bare = TreeFile("docs/adr/0001-a.md", "# A\n## Context\n")
        let index = TreeFile("docs/adr/README.md", "[A](0001-a.md)")
        #expect(Rule.decisions.findings([page]).count == 1)
        #expect(Rule.decisions.findings([index, bare]).count == 3)
    }

    @Test func `a placeholder in a folder that has files is refused`() {
        let keep = TreeFile("config/.gitkeep", "")
        #expect(Rule.leftovers.findings([keep]) == [])
        #expect(Rule.leftovers.findings([keep, TreeFile("config/saga-runner.json", "{}")]).count == 1)
        #expect(Rule.leftovers.findings([keep, TreeFile("configuration/a.json", "{}")]) == [])
    }

    @Test(arguments: ["todo", "fixme", "xxx", "hack"]) func `unfinished work is refused`(mark: String) {
        let bad = TreeFile("Sources/Sandbox/A.swift", "let a = 1\n// \(mark.uppercased()): later")
        let good = TreeFile("Sources/Sandbox/A.swift", "let a = 1\n// \(mark)s, \(mark.uppercased())S")
        #expect(Rule.leftovers.findings([bad]).map(\.line) == [2])
        #expect(Rule.leftovers.findings([good]) == [])
    }
}
