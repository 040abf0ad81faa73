extension Rule {
    static let titles = Rule("a page has one title") { (file: TreeFile) in
        guard file.path.hasSuffix(".md") else { return [] }
        let titles = file.prose.filter { $0.text.hasPrefix("# ") }
        guard titles.count == 1 else {
            return [file.finding(line: titles.dropFirst().first?.line ?? 1, "\(titles.count) titles, a page has one")]
        }
        return titles[0].line == 1 ? [] : [file.finding(line: titles[0].line, "the title is the first line")]
    }

    static let links = Rule("links within the repository lead somewhere") { (tree: [TreeFile]) in
        let paths = Set(tree.map(\.path))
        let folders = Set(tree.flatMap { $0.foldersAbove })
        return tree.filter { $0.path.hasSuffix(".md") }.flatMap { file in
            file.prose.flatMap { line in
                relativeLinks(in: line.text).compactMap { link in
                    guard let target = resolve(link, from: file.folder) else {
                        return file.finding(line: line.line, "\(link) leaves the repository")
                    }
                    if target.isEmpty || paths.contains(target) || folders.contains(target) { return nil }
                    return file.finding(line: line.line, "\(link) leads nowhere: there is no \(target)")
                }
            }
        }
    }

    /// The targets of `[text](target)` that are neither absolute nor within the page.
    private static func relativeLinks(in line: Substring) -> [String] {
        line.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            let target = rest.prefix { $0 != ")" && $0 != " " && $0 != "#" }
            return target.isEmpty || target.contains(":") ? nil : String(target)
        }
    }

    private static func resolve(_ link: String, from folder: String) -> String? {
        if link.hasPrefix("/") { return nil }
        var parts = folder.split(separator: "/")
        for part in link.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }

    private static let decisionsFolder = "docs/adr"

    static let decisions = Rule("decisions are numbered without a gap and listed") { (tree: [TreeFile]) in
        let pages = tree.filter { $0.folder == decisionsFolder && $0.path.hasSuffix(".md") && $0.name != "README.md" }
            .filter { $0.name != "template.md" }.sorted { $0.path < $1.path }
        let index = tree.first { $0.path == "\(decisionsFolder)/README.md" }
        return pages.enumerated().flatMap { offset, page in
            var findings: [Finding] = []
            let number = String(offset + 1)
            let expected = String(repeating: "0", count: max(0, 4 - number.count)) + number
            if !page.name.hasPrefix(expected + "-") {
                findings.append(page.finding("its number breaks the row: \(expected) was due"))
            }
            if index?.text.contains("(\(page.name))") != true {
                findings.append(page.finding("\(decisionsFolder)/README.md does not list it"))
            }
            let sections = ["## Context", "## Options", "## Decision", "## Consequences"]
            for section in sections where !page.prose.contains(where: { $0.text.hasPrefix(section) }) {
                findings.append(page.finding("it has no '\(section)'"))
            }
            return findings
        }
    }

    static let scripts = Rule("scripts say what runs them and stop at the first error") { (file: TreeFile) in
        guard file.isUnder(["scripts", ".ci"]), file.name != ".gitkeep" else { return [] }
        let isLibrary = file.name.hasSuffix(".sh")
        guard isLibrary || !file.name.contains(".") else { return [] }
        var findings: [Finding] = []
        if !isLibrary, !file.isExecutable { findings.append(file.finding("not executable: chmod +x")) }
        let first = file.lines.first ?? ""
        if !isLibrary, first != "#!/usr/bin/env bash" {
            findings.append(file.finding("the first line is '#!/usr/bin/env bash'"))
        }
        if !file.lines.contains("set -euo pipefail") {
            findings.append(file.finding("no line 'set -euo pipefail'"))
        }
        return findings
    }
}

extension TreeFile {
    /// The lines of a page outside its code blocks.
    var prose: [(line: Int, text: Substring)] {
        var isCode = false
        return lines.enumerated().compactMap { index, line in
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isCode.toggle()
                return nil
            }
            return isCode ? nil : (index + 1, line)
        }
    }

    var foldersAbove: [String] {
        let parts = folder.split(separator: "/")
        return parts.indices.map { parts[...$0].joined(separator: "/") }
    }
}
