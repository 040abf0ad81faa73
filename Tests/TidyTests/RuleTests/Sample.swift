import Testing

/// A text that breaks a rule, beside a twin that differs in the fault alone and keeps it.
struct Sample: Sendable, CustomTestStringConvertible {
    let rule: Rule
    let path: String
    let bad: String
    let good: String

    init(_ rule: Rule, _ path: String, bad: String, good: String) {
        self.rule = rule
        self.path = path
        self.bad = bad
        self.good = good
    }

    var testDescription: String { "\(rule.name): \(bad.prefix(60).split(separator: "\n").joined(separator: " "))" }
}
