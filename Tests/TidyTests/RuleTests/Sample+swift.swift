extension Sample {
    private static let flow = "Sources/SettlementFlows/Settlement/OfferingSettlement.swift"
    private static let engine = "Sources/SagaEngine/Saga/Saga.swift"
    private static let adapter = "Sources/Adapters/HTTP/Client.swift"
    private static let body = String(repeating: "    a()\n", count: 69)

    static let swift: [Sample] = [
        Sample(.layering, engine, bad: "import Foundation", good: "public import Synchronization"),
        Sample(.layering, flow, bad: "import Adapters", good: "internal import SagaEngine"),
        Sample(.layering, adapter, bad: "import struct Sandbox.Faults", good: "import struct Foundation.Date"),
        Sample(.layering, "Sources/SagaTestKit/A.swift", bad: "import SettlementFlows", good: "import SagaEngine"),
        Sample(.layering, "Sources/NewTarget/A.swift", bad: "let a = 1", good: "").moved(to: "Sources/Sandbox/A.swift"),
        Sample(
            .noPackages, "Package.swift", bad: #"dependencies: [.package(url: "a", from: "1.0.0")]"#,
            good: #"dependencies: ["SagaEngine"] // .package(url: "a")"#),
        Sample(.systemTargets, "Sources/CCurl/curl.c", bad: "int a;", good: "").moved(to: "Sources/CCurl/shim.h"),

        Sample(.emptyCatch, adapter, bad: "do { try a() } catch {}", good: "do { try a() } catch { log(error) }"),
        Sample(.emptyCatch, adapter, bad: "do { try a() } catch is B {\n// no\n}", good: "let text = \"catch {}\""),
        Sample(.floatingPoint, flow, bad: "let price: Double = 1", good: "let price: Money = 1"),
        Sample(.floatingPoint, engine, bad: "let factor = 1.5", good: "let factor = pair.0.1 // 1.5"),
        Sample(.unorderedCollections, flow, bad: "let seen: [String: Int]", good: "let seen: [String]"),
        Sample(.unorderedCollections, flow, bad: "let seen = [:]", good: "let seen = [a ? b : c]"),
        Sample(.unorderedCollections, flow, bad: "var lines: Set<Line>", good: "var lines: [Line] { f(on: a) }"),

        Sample(
            .length, adapter, bad: "func a() {\n\(body)}\n}\n", good: "func a() {\n\(body.dropLast(8))}\n"),
        Sample(
            .length, adapter, bad: String(repeating: "a\n", count: 501), good: String(repeating: "a\n", count: 500)),
        Sample(
            .length, adapter, bad: String(repeating: "é", count: 121), good: String(repeating: "é", count: 120)),
        Sample(
            .publicTypes, "Sources/Sandbox/Bank.swift", bad: "public struct Banks {}", good: "public struct Bank {}"),
        Sample(
            .publicTypes, "Sources/Sandbox/A.swift",
            bad: "public enum A {}; public enum B {}; public enum C {}; public enum D {}; public enum E {}",
            good: "public enum A { public enum F {} }; public enum B {}; public enum C {}; public enum D {}"),
    ]

    /// A twin whose fault is its place: the bad text under the good path keeps the rule.
    private func moved(to path: String) -> Sample {
        let here = self.path
        let rule = self.rule
        let moving = Rule(rule.name) { (tree: [TreeFile]) in
            rule.findings(tree.map { TreeFile($0.text.isEmpty ? path : here, $0.text) })
        }
        return Sample(moving, here, bad: bad, good: good)
    }
}
