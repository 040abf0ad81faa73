internal import SagaEngine

/// Reads one rule of a file of faults and keeps every mistake.
struct FaultRuleReader {
    private static let keys: Set<String> = [
        "kind", "verbs", "party", "operation", "references", "per_mille", "nth", "attempts", "limit", "delay_ms",
    ]

    private let value: JSONValue
    private let place: String
    private(set) var mistakes: [String] = []

    init(_ value: JSONValue, place: String) {
        self.value = value
        self.place = place
    }

    mutating func rule() -> FaultRule? {
        guard let members = value.objectValue else {
            mistakes.append("\(place) must be an object")
            return nil
        }
        for member in members where !Self.keys.contains(member.name) {
            mistakes.append("\(place).\(member.name.prefix(40)) is no key of a rule")
        }
        guard let kind = value["kind"]?.stringValue.flatMap(FaultKind.init) else {
            let known = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
            mistakes.append("\(place).kind must be one of \(known)")
            return nil
        }
        return FaultRule(
            kind, at: verbs(kind), party: text("party").map(CounterpartyName.init(rawValue:)),
            operation: text("operation"), references: texts("references"),
            perMille: number("per_mille", 0...1_000) ?? 1_000, nth: numbers("nth"),
            attempts: number("attempts", 1...1_000_000) ?? 1, limit: number("limit", 0...1_000_000_000) ?? .max,
            delay: .milliseconds(Int64(number("delay_ms", 0...3_600_000) ?? 500)))
    }

    private mutating func verbs(_ kind: FaultKind) -> Set<CallVerb>? {
        guard value["verbs"] != nil else { return nil }
        let names = texts("verbs")
        let verbs = names.compactMap(CallVerb.init(rawValue:)).filter(kind.verbs.contains)
        if verbs.isEmpty || verbs.count != names.count {
            let known = CallVerb.allCases.filter(kind.verbs.contains).map(\.rawValue).joined(separator: ", ")
            mistakes.append("\(place).verbs must be some of \(known)")
        }
        return Set(verbs)
    }

    private mutating func text(_ key: String) -> String? {
        guard let value = value[key] else { return nil }
        if let text = value.stringValue { return text }
        mistakes.append("\(place).\(key) must be a string")
        return nil
    }

    private mutating func texts(_ key: String) -> [String] {
        guard let value = value[key] else { return [] }
        let texts = value.arrayValue?.compactMap(\.stringValue)
        if let texts, texts.count == value.arrayValue?.count { return texts }
        mistakes.append("\(place).\(key) must be an array of strings")
        return []
    }

    private mutating func number(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = value[key] else { return nil }
        if let number = value.integerValue.flatMap({ Int(exactly: $0) }), range.contains(number) { return number }
        mistakes.append("\(place).\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    private mutating func numbers(_ key: String) -> Set<Int> {
        guard let value = value[key] else { return [] }
        let numbers = value.arrayValue?.compactMap(\.integerValue).compactMap { Int(exactly: $0) }.filter { $0 > 0 }
        if let numbers, numbers.count == value.arrayValue?.count { return Set(numbers) }
        mistakes.append("\(place).\(key) must be an array of whole numbers from 1")
        return []
    }
}
