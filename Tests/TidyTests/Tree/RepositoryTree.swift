import Foundation

/// The text files of the repository this test was compiled from.
struct RepositoryTree: Sendable {
    let files: [TreeFile]

    /// The tree around this file, read once.
    static let current = Result { try RepositoryTree(root: root) }

    private static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
    }

    /// Folders at the root that hold what is built or stored, never what is written.
    private static func isWritten(_ top: String) -> Bool {
        !top.hasPrefix(".build") && ![".git", ".swiftpm", "var"].contains(top)
    }

    /// Bigger files are data; the limit keeps the reading of the tree under a second or two.
    private static let largestText = 1 << 20

    init(root: URL) throws {
        let manager = FileManager.default
        var found: [TreeFile] = []
        for top in try manager.contentsOfDirectory(atPath: root.path()).sorted() where Self.isWritten(top) {
            let start = root.appending(path: top)
            let below = try Self.isDirectory(start) ? manager.subpathsOfDirectory(atPath: start.path()).sorted() : [""]
            for path in below {
                let relative = path.isEmpty ? top : "\(top)/\(path)"
                if let file = try Self.textFile(at: root.appending(path: relative), named: relative) {
                    found.append(file)
                }
            }
        }
        files = found
    }

    private static func isDirectory(_ url: URL) throws -> Bool {
        try url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
    }

    private static func textFile(at url: URL, named path: String) throws -> TreeFile? {
        let values = try url.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
        guard values.isRegularFile == true, let size = values.fileSize, size <= largestText else { return nil }
        guard let text = String(bytes: try Data(contentsOf: url), encoding: .utf8) else { return nil }
        return TreeFile(path, text, isExecutable: FileManager.default.isExecutableFile(atPath: url.path()))
    }
}
