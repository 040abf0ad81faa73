/// What is wrong with a cron expression: in which field, and what to write instead.
public struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field as a person knows it, such as `day of month`; nil when it is the expression as a whole.
    public let field: String?
    /// What is wrong.
    public let wrong: String
    /// What to write instead.
    public let remedy: String

    init(_ field: String?, _ wrong: String, _ remedy: String) {
        self.field = field
        self.wrong = wrong
        self.remedy = remedy
    }

    /// One line.
    public var description: String { (field.map { "\($0): " } ?? "") + "\(wrong); \(remedy)" }
}
