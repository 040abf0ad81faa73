import Foundation

/// One campaign's section of a document, between marks of its own.
struct PageSection {
    /// The name in the marks.
    var name: String
    var title: String
    /// The command that repeats it.
    var command: String
    var seconds: Int64
    var body: String

    /// Writes it anew where it stands, or at the end.
    func write(into path: String) throws {
        let (begin, end) = ("<!-- campaign:\(name) -->", "<!-- /campaign:\(name) -->")
        var text = try String(contentsOfFile: path, encoding: .utf8)
        let section = "\(begin)\n## \(title)\n\n`\(command)` on \(Self.machine), in \(seconds) s.\n\n\(body)\n\(end)"
        if let first = text.range(of: begin), let last = text.range(of: end), first.upperBound <= last.lowerBound {
            text.replaceSubrange(first.lowerBound..<last.upperBound, with: section)
        } else {
            text += "\n\(section)\n"
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static var machine: String {
        let info = ProcessInfo.processInfo
        let memory = info.physicalMemory >> 30
        return "\(info.activeProcessorCount) cores, \(memory) GiB, \(info.operatingSystemVersionString)"
    }
}
