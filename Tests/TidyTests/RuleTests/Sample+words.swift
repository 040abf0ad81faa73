extension Sample {
    private static let engine = "Sources/SagaEngine/Engine/Worker.swift"
    private static let test = "Tests/SagaEngineTests/WorkerTests.swift"
    private static let adapter = "Sources/Adapters/Custody/Client.swift"

    /// Shapes that a plain search would miss, or would find where they are harmless.
    static let words: [Sample] = [
        Sample(.bannedNames, engine, bad: "Task   { work() }", good: "// Task { work() }"),
        Sample(.bannedNames, engine, bad: "Task<Void, Never> { work() }", good: "let task = SagaTask<Void>()"),
        Sample(.bannedNames, engine, bad: #"let text = "\(UUID())""#, good: #"let text = "UUID()""#),
        Sample(.bannedNames, engine, bad: "let n = Int.random(in: 0..<3)", good: "let n = entropy.random"),
        Sample(.bannedNames, engine, bad: "let a = try? b()", good: "let a = try b()"),
        Sample(.bannedNames, adapter, bad: "let a = b as! C", good: "let a = b as? C"),
        Sample(.bannedNames, adapter, bad: "fatalError()", good: #"fatalError("the handle is closed")"#),
        Sample(.bannedNames, adapter, bad: "print(a)", good: "page.print(a); case print(Page)"),
        Sample(.bannedNames, adapter, bad: "print(a)", good: "func print(_ a: A) {}\nprint(a)"),
        Sample(.bannedNames, test, bad: "try await Task.sleep(for: .seconds(1))", good: "try await saga.sleep(.day)"),
        Sample(.bannedNames, test, bad: "sleep(1)", good: "func `sleep(1) is a name`() {}"),
    ]
}

extension BannedName {
    /// Source that breaks this ban: the banned run itself.
    var sample: String { pattern.source }
}
