internal import SagaEngine

/// Plans are written as JSON: `{"seed": 7, "rules": [{"kind": "cut", "verbs": ["deliver"], "per_mille": 20}]}`.
extension FaultPlan {
    private static let planKeys: Set<String> = ["seed", "rules"]

    /// Reads a plan.
    ///
    /// - Parameters:
    ///   - file: the bytes of the file.
    ///   - seed: the seed to take instead of the file's.
    /// - Throws: ``FaultFileError`` with all mistakes at once.
    public init(file: [UInt8], seed: UInt64? = nil) throws(FaultFileError) {
        guard let value = SandboxDialect.parsed(file), let members = value.objectValue else {
            throw FaultFileError(mistakes: ["the file must be one JSON object"])
        }
        var mistakes = members.map(\.name).filter { !Self.planKeys.contains($0) }.map { "\($0.prefix(40)) is no key" }
        let ownSeed = value["seed"].flatMap { $0.integerValue }.flatMap { UInt64(exactly: $0) }
        if value["seed"] != nil, ownSeed == nil { mistakes.append("seed must be a whole number from 0") }
        var rules: [FaultRule] = []
        for (index, rule) in (value["rules"]?.arrayValue ?? []).enumerated() {
            var reader = FaultRuleReader(rule, place: "rules[\(index)]")
            if let rule = reader.rule() { rules.append(rule) }
            mistakes += reader.mistakes
        }
        if rules.count > Self.ruleLimit { mistakes.append("there are more than \(Self.ruleLimit) rules") }
        guard mistakes.isEmpty else { throw FaultFileError(mistakes: mistakes) }
        self.init(seed: seed ?? ownSeed ?? 0, rules: rules)
    }
}

extension FaultRule {
    /// Reads one rule, as it stands in a file's `rules`.
    ///
    /// - Throws: ``FaultFileError`` with all mistakes at once.
    public init(json: [UInt8]) throws(FaultFileError) {
        var reader = FaultRuleReader(SandboxDialect.parsed(json) ?? .null, place: "the rule")
        guard let rule = reader.rule(), reader.mistakes.isEmpty else { throw FaultFileError(mistakes: reader.mistakes) }
        self = rule
    }
}
