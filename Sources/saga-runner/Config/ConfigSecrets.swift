internal import Adapters
internal import Foundation
internal import SagaEngine

/// Secrets by reference: `{"file": "…"}` or `{"env": "…"}`; never the secret itself.
struct ConfigSecrets {
    /// The largest file of a secret, in bytes.
    static let largestFile = 64 * 1_024

    let file: String
    let environment: [String: String]
    let files: ConfigFiles

    /// Reads the secret that a value refers to; notes a mistake and answers `nil` when it cannot.
    func read(_ value: JSONValue, at path: String, _ mistakes: ConfigMistakes) async -> String? {
        if value.stringValue != nil {
            mistakes.add(
                path, "holds a text; secrets are never written into this file",
                "refer to it: {\"file\": \"PATH\"} or {\"env\": \"NAME\"}")
            return nil
        }
        let named = value["file"]?.stringValue
        let variable = value["env"]?.stringValue
        let others = (value.objectValue ?? []).filter { !["file", "env", "key_id"].contains($0.name) }
        if let other = others.first {
            mistakes.add("\(path).\(other.name)", "is not a key here", "there are file, env, key_id")
        }
        switch (named, variable) {
        case (let named?, nil): return await contents(of: named, at: path, mistakes)
        case (nil, let variable?):
            guard let text = environment[variable], !text.isEmpty else {
                mistakes.add(path, "the environment has no \(variable)", "set \(variable) for this process")
                return nil
            }
            return text
        case (nil, nil), (_?, _?):
            mistakes.add(path, "is no reference to a secret", "write {\"file\": \"PATH\"} or {\"env\": \"NAME\"}")
            return nil
        }
    }

    private func contents(of named: String, at path: String, _ mistakes: ConfigMistakes) async -> String? {
        let resolved = ConfigPath.resolve(named, beside: file)
        files.reads(resolved, path)
        if let kind = ConfigFiles.otherKind(at: resolved) {
            mistakes.add(path, "\(resolved) is \(kind)", "name a regular file")
            return nil
        }
        var status = stat()
        if stat(resolved, &status) == 0, status.st_mode & 0o007 != 0 {
            mistakes.add(path, "\(resolved) can be read by everybody", "chmod o= \(resolved)")
        }
        do {
            let bytes = try await FileReader(path: resolved).all(limit: Self.largestFile)
            let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else {
                mistakes.add(path, "\(resolved) is empty", "put the secret into it")
                return nil
            }
            return text
        } catch {
            mistakes.add(path, "\(error)", "name a file that this user can read")
            return nil
        }
    }
}
