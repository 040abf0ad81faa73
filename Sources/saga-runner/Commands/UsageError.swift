/// A command line that says something the command does not understand.
struct UsageError: Error, Equatable, CustomStringConvertible {
    /// What is wrong and what to do.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
