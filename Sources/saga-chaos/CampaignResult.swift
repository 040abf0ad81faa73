internal import Foundation

/// What a campaign did and found.
struct CampaignResult {
    let name: String
    let title: String
    let command: String
    var took: Duration
    private(set) var counts: [(what: String, count: Int)] = []
    private(set) var notes: [String] = []
    /// What is wrong, in words; a campaign without any has passed.
    var violations: [String] = []

    init(name: String, title: String, command: String, took: Duration) {
        self.name = name
        self.title = title
        self.command = command
        self.took = took
    }

    /// Takes a count down; one that should have come to more is a violation, as what was skipped has not passed.
    mutating func count(_ what: String, _ count: Int, atLeast least: Int = 0) {
        counts.append((what, count))
        if count < least { violations.append("coverage: \(what): \(count), expected at least \(least)") }
    }

    mutating func note(_ text: String) { notes.append(text) }

    /// What people read on the terminal.
    var text: String {
        var lines = counts.map { "  \($0.what): \($0.count)" } + notes.map { "  \($0)" }
        lines += violations.prefix(20).map { "  VIOLATION \($0)" }
        lines.append("  violations: \(violations.count)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes this campaign's own block of a report, and leaves every other block as it is.
    func write(into path: String) throws {
        let (begin, end) = ("<!-- campaign:\(name) -->", "<!-- /campaign:\(name) -->")
        let known = FileManager.default.fileExists(atPath: path)
        var text = known ? try String(contentsOfFile: path, encoding: .utf8) : Self.head
        let block = "\(begin)\n\(markdown)\(end)"
        if let first = text.range(of: begin), let last = text.range(of: end, range: first.upperBound..<text.endIndex) {
            text.replaceSubrange(first.lowerBound..<last.upperBound, with: block)
        } else {
            text += "\n\(block)\n"
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private var markdown: String {
        var text = "## \(title)\n\n`\(command)` on \(Self.machine), in \(took.components.seconds) s.\n\n"
        text += "| what | count |\n|---|---|\n"
        for (what, count) in counts { text += "| \(what) | \(count) |\n" }
        text += "| **violations** | **\(violations.count)** |\n"
        for note in notes { text += "\n\(note)\n" }
        return text
    }

    private static let head = """
        # Reliability

        What was done to the program, and what the independent checker found in its store and in the counterparties' own
        journals. Each section is written by the campaign that it names; run the command to repeat it.

        """

    private static var machine: String {
        let memory = ProcessInfo.processInfo.physicalMemory >> 30
        return "\(ProcessInfo.processInfo.activeProcessorCount) cores, \(memory) GiB, "
            + ProcessInfo.processInfo.operatingSystemVersionString
    }
}
