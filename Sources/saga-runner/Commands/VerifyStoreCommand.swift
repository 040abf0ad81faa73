internal import SagaEngine
internal import SagaTestKit

/// `saga-runner verify-store`: the laws that every store keeps, on the disk where the operator's own store is.
enum VerifyStoreCommand {
    static let command = Command.declared(
        "verify-store", .care, "Checks the laws of a store on the disk where yours is", options: [.config],
        details: """
            Makes databases of its own beside the configured one, checks every law that the engine relies on
            (durability, fencing, isolation of parts, the audit chain), and removes them. Your store is not touched,
            so a daemon may run.
            """,
        examples: ["saga-runner verify-store --config config/saga-runner.json"]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let settings = try await Door.find(invocation).settings
        let folder = settings.storePath.lastIndex(of: "/").map { String(settings.storePath[..<$0]) } ?? "."
        var outcomes: [JSONValue] = []
        var broken = 0
        for (index, law) in StoreLaws.all.enumerated() {
            await invocation.console.progress("\(index + 1) of \(StoreLaws.all.count): \(law.name)")
            let fault = await check(law, in: folder)
            if fault != nil { broken += 1 }
            var outcome: [JSONValue.Member] = [.init("law", .string(law.name)), .init("kept", .bool(fault == nil))]
            if let fault { outcome.append(.init("seen", .string(fault))) }
            outcomes.append(.object(outcome))
        }
        await invocation.console.endProgress()
        let answer = Answer(data: ["laws": .array(outcomes), "broken": .number(JSONNumber(broken))])
        let ink = invocation.console.ink
        let lines = outcomes.map { outcome in
            let seen = outcome["seen"]?.shown.map { ": \($0)" } ?? ""
            return (seen.isEmpty ? ink.green("✔ ") : ink.red("✖ ")) + outcome.text("law") + seen + "\n"
        }
        let summary = "\(StoreLaws.all.count - broken) of \(StoreLaws.all.count) laws are kept in \(folder)\n"
        try await invocation.console.write(invocation.wantsJSON ? answer.document : lines.joined() + summary)
        if broken > 0 { throw CommandStatus.failed }
    }

    private static func check(_ law: StoreLaw, in folder: String) async -> String? {
        do {
            let fixture = try ScratchStores(beside: folder)
            defer { fixture.remove() }
            try await law.check(fixture)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
