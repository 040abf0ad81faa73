import Testing

/// The linter is tested: each rule refuses a bad sample and lets its twin pass.
@Suite struct RuleTests {
    private static let samples = Sample.swift + Sample.words + Sample.texts + Sample.pages

    @Test(arguments: samples) func `a bad sample is refused, its twin is not`(sample: Sample) {
        // Where the twins are alike, the fault is that the bad one may not be executed.
        let bad = TreeFile(sample.path, sample.bad, isExecutable: sample.bad != sample.good)
        #expect(!sample.rule.findings([bad]).isEmpty)
        #expect(sample.rule.findings([TreeFile(sample.path, sample.good, isExecutable: true)]) == [])
    }

    @Test func `every banned name is caught in each of its folders`() {
        for ban in BannedName.all {
            for folder in ban.folders {
                let file = TreeFile("\(folder)/Sample.swift", "\n" + ban.sample)
                #expect(Rule.bannedNames.findings([file]).map(\.line).contains(2), "\(ban.remedy) in \(folder)")
            }
        }
    }

    @Test(arguments: Rule.all) func `every rule has been seen to refuse something`(rule: Rule) {
        let elsewhere = [Rule.leftovers.name, Rule.links.name, Rule.decisions.name]
        #expect(elsewhere.contains(rule.name) || Self.samples.contains { $0.rule.name == rule.name })
    }

    @Test func `a finding names the place`() throws {
        let file = TreeFile("Sources/SagaEngine/A.swift", "func a() {\n    Task.detached { }\n}\n")
        let finding = try #require(Rule.bannedNames.findings([file]).first)
        #expect(finding.description.hasPrefix("Sources/SagaEngine/A.swift:2: "))
    }

    @Test func `an allowance excuses its own rule and place alone`() {
        let allowance = Allowance(rule: Rule.floatingPoint.name, path: "Sources/SagaEngine/Codec/", reason: "a test")
        let inside = Finding(path: "Sources/SagaEngine/Codec/A.swift", line: 1, message: "")
        let outside = Finding(path: "Sources/SagaEngine/CodecA.swift", line: 1, message: "")
        #expect(allowance.covers(inside, of: .floatingPoint))
        #expect(!allowance.covers(outside, of: .floatingPoint))
        #expect(!allowance.covers(inside, of: .bannedNames))
    }
}
