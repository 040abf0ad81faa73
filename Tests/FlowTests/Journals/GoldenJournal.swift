import Foundation
import SagaEngine
import Testing

/// A file of recorded sagas: for each, a line about it and a line for each entry of its journal.
struct GoldenJournal: Sendable, CustomTestStringConvertible {
    /// `name@version` of the flow that the run was submitted under.
    let flow: String
    /// What the run shows.
    let scenario: String
    /// Where its kind is kept.
    var folder = Self.folder

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/journals").standardizedFileURL

    var testDescription: String { "\(flow)/\(scenario)" }
    var file: URL { folder.appending(path: "\(flow)/\(scenario).jsonl") }
    var exists: Bool { FileManager.default.fileExists(atPath: file.path) }

    /// Every file there is, of every version.
    static func all() throws -> [GoldenJournal] {
        let files = FileManager.default
        let flows = try files.contentsOfDirectory(atPath: folder.path).filter { $0.contains("@") }
        return try flows.sorted().flatMap { flow in
            try files.contentsOfDirectory(atPath: folder.appending(path: flow).path).sorted().map { name in
                GoldenJournal(flow: flow, scenario: String(name.prefix { $0 != "." }))
            }
        }
    }

    func read() throws -> [RecordedSaga] {
        let decoder = JSONDecoder()
        var sagas: [RecordedSaga] = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let data = Data(line.utf8)
            if line.hasPrefix(#"{"at""#) {
                guard !sagas.isEmpty else { throw CocoaError(.fileReadCorruptFile) }
                sagas[sagas.count - 1].entries.append(try decoder.decode(RecordedSaga.Entry.self, from: data))
            } else {
                sagas.append(RecordedSaga(head: try decoder.decode(RecordedSaga.Head.self, from: data)))
            }
        }
        return sagas
    }

    /// Writes a new file; one that exists stays as it is, for it is what was released.
    func write(_ sagas: [RecordedSaga]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = ""
        for saga in sagas {
            text += String(decoding: try encoder.encode(saga.head), as: UTF8.self) + "\n"
            for entry in saga.entries { text += String(decoding: try encoder.encode(entry), as: UTF8.self) + "\n" }
        }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file, options: .withoutOverwriting)
    }
}
