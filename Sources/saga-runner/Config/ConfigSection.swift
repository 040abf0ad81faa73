internal import Adapters
internal import SagaEngine

/// Where mistakes are gathered while a configuration is read, so that all are named at once. Used by one thread.
final class ConfigMistakes {
    private(set) var all: [ConfigMistake] = []

    func add(_ path: String, _ wrong: String, _ remedy: String) {
        all.append(ConfigMistake(path: path, wrong: wrong, remedy: remedy))
    }
}

/// One object of a configuration. A key that is wrong is noted and read as its default, so that reading goes on; a key
/// that nobody asked for is a mistake too.
final class ConfigSection {
    let path: String
    let mistakes: ConfigMistakes
    private let members: [JSONValue.Member]
    private var asked: [String] = []

    init(_ value: JSONValue, path: String, mistakes: ConfigMistakes) {
        self.path = path
        self.mistakes = mistakes
        members = value.objectValue ?? []
        if value.objectValue == nil { mistakes.add(path.isEmpty ? "the file" : path, "is no object", "write { … }") }
    }

    /// The path of a key.
    func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Notes a mistake about a key.
    func mistake(_ key: String, _ wrong: String, _ remedy: String) {
        mistakes.add(path(key), wrong, remedy)
    }

    /// The keys that are there, for sections whose keys are names.
    var names: [String] { members.map(\.name) }

    /// The value of a key, if it is there and not null.
    func value(_ key: String) -> JSONValue? {
        if !asked.contains(key) { asked.append(key) }
        guard let value = members.first(where: { $0.name == key })?.value, !value.isNull else { return nil }
        return value
    }

    /// A section below this one; an empty one when it is missing.
    func section(_ key: String) -> ConfigSection {
        ConfigSection(value(key) ?? .object([]), path: path(key), mistakes: mistakes)
    }

    /// A section below this one, if it is there.
    func optionalSection(_ key: String) -> ConfigSection? {
        value(key).map { ConfigSection($0, path: path(key), mistakes: mistakes) }
    }

    /// A text; a mistake when it is missing and there is no default.
    func text(_ key: String, default standard: String? = nil) -> String {
        guard let value = value(key) else {
            if standard == nil { mistake(key, "is missing", "give it a value") }
            return standard ?? ""
        }
        guard let text = value.stringValue, !text.isEmpty, !text.utf8.contains(0) else {
            mistake(key, "is no text", "write \"…\"")
            return standard ?? ""
        }
        return text
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, default standard: Choice
    ) -> Choice where Choice.RawValue == String {
        guard let value = value(key) else { return standard }
        if let choice = value.stringValue.flatMap(Choice.init) { return choice }
        mistake(
            key, "is none of its words", "write " + Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        )
        return standard
    }

    /// A truth value.
    func flag(_ key: String, default standard: Bool) -> Bool {
        guard let value = value(key) else { return standard }
        guard let flag = value.boolValue else {
            mistake(key, "is neither true nor false", "write true or false, without quotes")
            return standard
        }
        return flag
    }

    /// A whole number in a range.
    func integer(_ key: String, in range: ClosedRange<Int>, default standard: Int) -> Int {
        guard let value = value(key) else { return standard }
        guard let number = value.integerValue, let integer = Int(exactly: number), range.contains(integer) else {
            mistake(key, "is no whole number from \(range.lowerBound) to \(range.upperBound)", "write such a number")
            return standard
        }
        return integer
    }

    /// A length of time with its unit, in a range.
    func span(_ key: String, in range: ClosedRange<Span>, default standard: Span) -> Span {
        guard let value = value(key) else { return standard }
        guard let span = value.stringValue.flatMap(ConfigSpan.span), range.contains(span) else {
            let (least, most) = (ConfigSpan.text(range.lowerBound), ConfigSpan.text(range.upperBound))
            mistake(key, "is no length of time from \(least) to \(most)", "write a number and ms, s, m, h or d: \"5s\"")
            return standard
        }
        return span
    }

    /// Notes every key that nobody asked for.
    func close() {
        var seen: Set<String> = []
        for member in members {
            if !seen.insert(member.name).inserted {
                mistake(member.name, "stands there twice", "keep one of them")
            } else if !asked.contains(member.name) {
                let known = asked.sorted()
                let hint = Suggestion.hint(for: member.name, among: known)
                mistake(
                    String(member.name.prefix(60)), "is not a key here",
                    "there are \(known.joined(separator: ", "))\(hint)")
            }
        }
    }
}
