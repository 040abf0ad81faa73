import Foundation
import Testing

/// A fixture of one illegal flow and the legal file it was made from.
struct IllegalFlow: Sendable, CustomTestStringConvertible {
    static let twins = ["LegalDistribution", "LegalSettlement", "LegalTransfer"]

    let name: String
    let source: String

    var testDescription: String { name }

    private static let target = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let folder = target.appendingPathComponent("IllegalFlows")

    /// All fixtures, by name; a folder that cannot be read holds none, which a test notices.
    static let all: [IllegalFlow] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                .filter { $0.hasSuffix(".swift.txt") }
                .map { file in
                    let source = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
                    return IllegalFlow(name: String(file.dropLast(".swift.txt".count)), source: source)
                }
        } catch {
            return []
        }
    }()

    static func twin(_ name: String) -> URL {
        target.appendingPathComponent("LegalFlows/\(name).swift")
    }

    /// The twin whose flow this one's is named for.
    func twinName() throws -> String {
        try #require(Self.twins.first { source.contains("struct \($0): ") }, "\(name) has no twin")
    }

    /// The legal flows that it may name.
    func others() throws -> [URL] {
        let twin = try twinName()
        return Self.twins.filter { $0 != twin }.map { Self.twin($0) }
    }

    /// The lines that are not the twin's, by number from 1.
    func changedLines() throws -> [(number: Int, text: Substring)] {
        let legal = try String(contentsOf: Self.twin(try twinName()), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let illegal = source.split(separator: "\n", omittingEmptySubsequences: false)
        guard legal.count == illegal.count else { return [] }
        return zip(legal, illegal).enumerated().filter { $0.element.0 != $0.element.1 }
            .map { ($0.offset + 1, $0.element.1) }
    }

    /// What the changed line says the compiler will say.
    func reason(in changed: [(number: Int, text: Substring)]) throws -> String? {
        guard let mark = changed.first?.text.range(of: "// refused: ") else { return nil }
        return changed.first.map { String($0.text[mark.upperBound...]) }
    }
}
