/// One thing that is wrong with a configuration: where, what, and what to do.
struct ConfigMistake: Error, Equatable, CustomStringConvertible {
    /// The key's path, such as `api.tls.key`, or a place in the file.
    let path: String
    /// What is wrong with it.
    let wrong: String
    /// What to do.
    let remedy: String

    /// One line.
    var description: String { "\(path): \(wrong); \(remedy)" }
}

/// Everything that is wrong with a configuration.
struct ConfigFault: Error, Equatable, CustomStringConvertible {
    /// The file as it was named.
    let file: String
    /// All mistakes, in the order of the file's keys.
    let mistakes: [ConfigMistake]

    /// A line for each mistake.
    var description: String {
        let count = mistakes.count == 1 ? "1 mistake" : "\(mistakes.count) mistakes"
        return "\(file) has \(count):\n" + mistakes.map { "  \($0)" }.joined(separator: "\n")
    }
}
