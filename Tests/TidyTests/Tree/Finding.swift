/// A place that breaks a rule, and what would mend it.
struct Finding: Sendable, Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}
