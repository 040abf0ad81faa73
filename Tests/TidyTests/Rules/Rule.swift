import Testing

/// Something the whole tree keeps to, checked over paths and texts alone so that the check itself can be tested.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    let findings: @Sendable ([TreeFile]) -> [Finding]

    var testDescription: String { name }

    init(_ name: String, tree: @escaping @Sendable ([TreeFile]) -> [Finding]) {
        self.name = name
        findings = tree
    }

    init(_ name: String, file: @escaping @Sendable (TreeFile) -> [Finding]) {
        self.init(name, tree: { $0.flatMap(file) })
    }

    /// Every rule of the project.
    static let all: [Rule] = [
        .layering, .noPackages, .bannedNames, .emptyCatch, .unorderedCollections, .floatingPoint,
        .length, .publicTypes, .leftovers, .systemTargets,
        .hosts, .origins, .titles, .links, .decisions, .scripts,
    ]
}
