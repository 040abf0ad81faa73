extension Rule {
    private static let engine = ["SagaEngine", "SettlementFlows"]
    private static let system = ["Foundation", "FoundationXML", "Glibc", "Dispatch", "Synchronization"]
    private static let libraries = ["CSQLite", "CPostgreSQL", "CCurl", "CCrypto", "CMicroHTTPD"]

    /// What each target may import. Arrows point one way: runner, sandbox, adapters, flows, engine.
    private static let mayImport: [String: [String]] = [
        "Sources/SagaEngine": ["Synchronization"],
        "Sources/SettlementFlows": ["SagaEngine"],
        "Sources/SagaTestKit": ["SagaEngine", "Synchronization", "Glibc"],
        "Sources/Adapters": engine + system + libraries,
        "Sources/Sandbox": engine + system + ["Adapters"],
        "Sources/saga-runner": engine + system + ["Adapters", "Sandbox", "SagaTestKit"],
        "Sources/RunnerTheatre": ["SagaEngine"] + system + ["Adapters", "CSQLite", "CPostgreSQL"],
        "Sources/saga-chaos": engine + system + ["Adapters", "RunnerTheatre", "SagaTestKit", "CSQLite"],
        "Benchmarks/saga-bench": engine + system + ["Adapters", "RunnerTheatre", "SagaTestKit", "CSQLite"],
    ]

    static let layering = Rule("imports follow the arrows") { (file: TreeFile) in
        guard file.path.hasSuffix(".swift"), file.isUnder(["Sources", "Benchmarks"]) else { return [] }
        let target = file.path.split(separator: "/").prefix(2).joined(separator: "/")
        guard let allowed = mayImport[target] else {
            return [file.finding("\(target) has no row in the table of imports: say there what it may import")]
        }
        return file.imports.filter { !allowed.contains($0.name) }.map {
            file.finding(line: $0.line, "\(target) must not import \($0.name); it may import \(allowed)")
        }
    }

    static let noPackages = Rule("no Swift package is depended on") { (file: TreeFile) in
        guard file.name == "Package.swift" else { return [] }
        return TokenPattern(".package(").lines(in: file.tokens).map {
            file.finding(line: $0, "a package dependency: see docs/adr/0001-no-swift-packages.md")
        }
    }

    static let systemTargets = Rule("system-library targets hold a module map and a shim") { (file: TreeFile) in
        let parts = file.path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources", let target = parts.dropFirst().first else { return [] }
        guard libraries.contains(String(target)), !["module.modulemap", "shim.h"].contains(file.name) else { return [] }
        return [file.finding("a system-library target holds module.modulemap and shim.h alone: move this to Adapters")]
    }
}

extension TreeFile {
    /// The modules the file imports, with their lines; `import struct A.B` imports A.
    var imports: [(name: String, line: Int)] {
        let kinds = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let", "actor"]
        return tokens.indices.compactMap { index in
            guard tokens[index].text == "import", tokens[index].kind == .word else { return nil }
            let name = tokens[(index + 1)...].first { !kinds.contains($0.text) }
            return name.map { ($0.text, $0.line) }
        }
    }
}
