internal import SagaEngine

extension NoticeStanding {
    /// What a standing says of a notice, and what a person does about it.
    var meaning: String {
        switch self {
        case .fresh: "stored; its saga has not looked at it yet"
        case .consumed: "a stage has taken it as its evidence"
        case .late: "nothing final, set aside by a person, or its stage or saga had ended; it changes nothing"
        case .mismatched: "it says something else than was asked for; its saga is stuck over it"
        case .conflicting: "it contradicts what came before it; nothing is undone, so ask the counterparty"
        case .orphan: "no saga expects its reference; bind it to one if it belongs there"
        case .quarantined: "too old, or under a key that is not held; mend that and verify it again"
        }
    }

    /// All of them, one a line, for a command's help.
    static var glossary: String {
        let width = allCases.map(\.rawValue.count).max() ?? 0
        return allCases.map { "  \($0.rawValue.padded(to: width))  \($0.meaning)" }.joined(separator: "\n")
    }
}
