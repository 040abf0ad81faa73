extension Rule {
    /// Hosts of package registries, written apart so that this table does not name them.
    private static let registries = [
        ["npmjs", "org"], ["pypi", "org"], ["pythonhosted", "org"], ["crates", "io"], ["rubygems", "org"],
        ["proxy", "golang", "org"], ["docker", "io"], ["ghcr", "io"], ["quay", "io"], ["maven", "org"],
        ["swiftpackageindex", "com"], ["githubusercontent", "com"], ["github", "com"], ["gitlab", "com"],
    ].map { $0.joined(separator: ".") }

    /// Names that documents use as identifiers of formats; nothing is ever fetched from them.
    private static let identifiers: Set<String> = ["www.w3.org", "json-schema.org"]

    static let hosts = Rule("tests and scripts name only loopback and example hosts") { (file: TreeFile) in
        guard file.isUnder(["Tests", "scripts", ".ci", "Benchmarks", "Sources", "config"]) else { return [] }
        guard !file.isUnder(["Tests/TidyTests"]) else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            let registry = registries.filter { line.contains($0) }.map { "it names the registry or forge \($0)" }
            let address = addresses(in: line).filter { !isHarmless(address: $0) }.map { "\($0) is not loopback" }
            let host = hosts(in: line).filter { !isHarmless(host: $0) }.map { "\($0) is not loopback or an example" }
            return (registry + address + host).map {
                file.finding(line: index + 1, "\($0): use 127.0.0.1, ::1, localhost or a name under example.com")
            }
        }
    }

    /// What stands between `://` and the host's end. A host that is computed is none of ours to judge.
    private static func hosts(in line: Substring) -> [String] {
        guard line.contains("://") else { return [] }
        let ends: Set<Character> = [
            "/", ":", "?", "#", "\"", "'", "`", " ", ")", "(", "]", ">", "<", ",", ";", "\\", "|",
        ]
        return line.split(separator: "://", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            if rest.hasPrefix("[") { return String(rest.dropFirst().prefix { $0 != "]" }) }
            let host = rest.prefix { !ends.contains($0) }.split(separator: "@").last.map(String.init) ?? ""
            let isPlain = host.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }
            return isPlain && !host.isEmpty ? host : nil
        }
    }

    /// Dotted quads.
    private static func addresses(in line: Substring) -> [String] {
        line.split { !($0.isNumber || $0 == ".") }.compactMap { word in
            let parts = word.split(separator: ".")
            return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil } ? parts.joined(separator: ".") : nil
        }
    }

    /// Loopback, "any", and the three blocks that RFC 5737 sets aside for examples.
    private static func isHarmless(address: String) -> Bool {
        address == "0.0.0.0" || ["127.", "192.0.2.", "198.51.100.", "203.0.113."].contains(where: address.hasPrefix)
    }

    /// Loopback, the identifiers above, the names and addresses that RFC 2606, 6761 and 3849 set aside, and a name
    /// without a dot, which is nobody's on the public network.
    private static func isHarmless(host: String) -> Bool {
        if ["localhost", "::1"].contains(host) || identifiers.contains(host) || host.hasPrefix("2001:db8:") {
            return true
        }
        if !addresses(in: host[...]).isEmpty { return true }
        if !host.contains("."), !host.contains(":") { return true }
        let reserved = ["example.com", "example.net", "example.org"]
        if reserved.contains(where: { host == $0 || host.hasSuffix("." + $0) }) { return true }
        let top = host.split(separator: ".").last.map(String.init) ?? host
        return ["example", "test", "invalid", "localhost"].contains(top)
    }
}
