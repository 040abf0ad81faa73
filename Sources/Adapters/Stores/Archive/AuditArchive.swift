internal import Foundation
public import SagaEngine

/// An archive of the audit chain in a file: everything that was sealed up to a moment, to be verified without the
/// database, by this program or by anything that can read lines and compute SHA-256.
public enum AuditArchive {
    /// The longest line that is read, in bytes: a page of children is the longest entry there is.
    private static let longestLine = 64 << 20

    /// Recomputes the chain in an archive and reports the first bad link.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - digest: What the chain was made with.
    /// - Returns: what was found; its head is the last seal in the file.
    /// - Throws: ``StoreError``: `unavailable` when the file cannot be read, `corrupt` when it is no archive.
    public static func verify(path: String, digest: any Digest) throws(StoreError) -> AuditReport {
        var lines = try ArchiveLines(path: path, longest: longestLine)
        guard let first = try lines.next() else {
            throw StoreError(.corrupt, "\(path) is empty")
        }
        var verifier = AuditVerifier(store: try ArchiveLine.store(first), digest: digest, anchor: nil)
        while let line = try lines.next() {
            let (seal, entryCount, printCount) = try ArchiveLine.seal(
                from: line, after: verifier.lastEntry, verifier.lastPrint)
            var (entries, prints): ([AuditedEntry], [AuditedPrint]) = ([], [])
            for place in 0..<entryCount {
                let number = verifier.lastEntry + Int64(place) + 1
                entries.append(try ArchiveLine.entry(from: try lines.expected(), number: number))
            }
            for place in 0..<printCount {
                let number = verifier.lastPrint + Int64(place) + 1
                prints.append(try ArchiveLine.print(from: try lines.expected(), number: number))
            }
            guard verifier.take(seal, entries, prints) else { break }
        }
        return verifier.report
    }
}

/// The lines of an archive, one after the other.
private struct ArchiveLines {
    private let file: FileHandle
    private let path: String
    private let longest: Int
    private var buffer: [UInt8] = []
    private var place = 0

    init(path: String, longest: Int) throws(StoreError) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw StoreError(.unavailable, "\(path) cannot be opened")
        }
        self.file = file
        self.path = path
        self.longest = longest
    }

    mutating func expected() throws(StoreError) -> JSONValue {
        guard let line = try next() else { throw StoreError(.corrupt, "\(path) ends within a seal: it was cut short") }
        return line
    }

    mutating func next() throws(StoreError) -> JSONValue? {
        guard let line = try nextLine() else { return nil }
        do {
            return try JSONValue.parse(line, limits: CodecLimits(maxBytes: longest, maxDepth: 64))
        } catch {
            throw StoreError(.corrupt, "\(path) has a line that is no JSON: \(error)")
        }
    }

    private mutating func nextLine() throws(StoreError) -> [UInt8]? {
        var from = place
        while true {
            if let end = buffer[from...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { place = end + 1 }
                return Array(buffer[place..<end])
            }
            from = buffer.count
            guard buffer.count - place <= longest else {
                throw StoreError(.corrupt, "\(path) has a line of more than \(longest) bytes")
            }
            let more: Data?
            do { more = try file.read(upToCount: 1 << 20) } catch {
                throw StoreError(.unavailable, "\(path) cannot be read: \(error.localizedDescription)")
            }
            guard let more, !more.isEmpty else {
                guard place < buffer.count else { return nil }
                throw StoreError(.corrupt, "\(path) does not end with a line's end: it was cut short")
            }
            buffer.removeFirst(place)
            from -= place
            place = 0
            buffer.append(contentsOf: more)
        }
    }
}
