import Testing

/// The rules, held against the tree itself.
@Suite struct RepositoryTests {
    @Test(arguments: Rule.all) func `the repository keeps the rule`(rule: Rule) throws {
        let tree = try RepositoryTree.current.get()
        let findings = rule.findings(tree.files).filter { finding in
            !Allowance.all.contains { $0.covers(finding, of: rule) }
        }
        for finding in findings { Issue.record("\(finding)") }
    }

    @Test func `no allowance outlives its need`() throws {
        let tree = try RepositoryTree.current.get()
        for allowance in Allowance.all {
            let rule = try #require(Rule.all.first { $0.name == allowance.rule })
            let exists = tree.files.contains { $0.path.hasPrefix(allowance.path) }
            let isNeeded = rule.findings(tree.files).contains { allowance.covers($0, of: rule) }
            #expect(isNeeded || !exists, "\(allowance.path) no longer needs its allowance: delete the entry")
            #expect(!allowance.reason.isEmpty)
        }
    }

    @Test func `the tree that is read is the whole one`() throws {
        let tree = try RepositoryTree.current.get()
        let needed = [
            "Package.swift", "Tests/TidyTests/RepositoryTests.swift", ".ci/run", "scripts/test", "CHANGELOG.md",
        ]
        for path in needed { #expect(tree.files.contains { $0.path == path }, "\(path) was not read") }
        #expect(!tree.files.contains { $0.path.hasPrefix(".build") })
    }
}
