/// A call or a word that some folders do without, with the remedy.
struct BannedName: Sendable {
    let pattern: TokenPattern
    let folders: [String]
    let exceptIn: [String]
    let remedy: String

    init(
        _ sources: String, in folders: [String], exceptIn: [String] = [], notAfter: Set<String> = [], use remedy: String
    ) {
        pattern = TokenPattern(sources, notAfter: notAfter)
        self.folders = folders
        self.exceptIn = exceptIn
        self.remedy = "'\(sources)' is banned here: \(remedy)"
    }

    private static let pure = ["Sources/SagaEngine", "Sources/SettlementFlows"]
    private static let sources = ["Sources"]
    private static let tests = ["Tests"]
    private static let structured = "tasks here are structured: use a task group, or a service with run()"
    private static let time = "time comes from the clock port, and waiting is a timer row"
    private static let chance = "randomness and identifiers come from the entropy port"
    private static let signals = "a test waits on a signal, never on time"
    private static let forced = "handle the error, or throw it on as a typed one"
    private static let bytes = "what comes from outside is keyed by its bytes: use ByteText or a typed name"
    /// Where texts of counterparties, files and requests are kept.
    private static let ofOutsiders = [
        "Sources/SagaEngine/Downstream", "Sources/SagaEngine/Engine", "Sources/SagaEngine/Inbox",
        "Sources/SagaEngine/Operations", "Sources/SagaEngine/State", "Sources/SagaTestKit/Memory",
        "Sources/SettlementFlows", "Sources/Adapters/Mocks/Model", "Sources/Adapters/OfferingBook",
        "Sources/Adapters/SandboxDialect", "Sources/Adapters/ServiceTables", "Sources/Adapters/Stores/SQLite",
        "Sources/Sandbox", "Sources/saga-runner/API",
    ]
    /// Names that our own source spells.
    private static let ofOurs = [
        "Sources/Adapters/Mocks/Model/PartyProfile.swift", "Sources/Adapters/SandboxDialect/SandboxDialect.swift",
        "Sources/Adapters/SandboxDialect/SandboxOrder.swift", "Sources/Adapters/ServiceTables/ServiceNotes.swift",
        "Sources/Adapters/Stores/SQLite/Connection", "Sources/Adapters/Stores/SQLite/Writing/SQLiteWriter.swift",
        "Sources/SagaTestKit/Memory/MemoryWorld.swift", "Sources/SettlementFlows/Instructions/Parties.swift",
    ]
    private static let methods: Set<String> = [".", "func", "case"]

    static let all: [BannedName] = [
        BannedName("Task {", in: pure, use: structured),
        BannedName("Task<", in: pure, use: structured),
        BannedName("Task(", in: pure, use: structured),
        BannedName("Task.init", in: pure, use: structured),
        BannedName("Task.immediate", in: pure, use: structured),
        BannedName("Task.detached", in: pure, use: structured),
        BannedName("MainActor", in: pure, use: structured),
        BannedName("Task.sleep", in: pure, use: time),
        BannedName("Date()", in: pure, use: time),
        BannedName("ContinuousClock", in: pure, use: time),
        BannedName("SuspendingClock", in: pure, use: time),
        BannedName("UUID()", in: pure, use: chance),
        BannedName("SystemRandomNumberGenerator", in: pure, use: chance),
        BannedName(".random(", in: pure, use: chance),
        BannedName(".randomElement(", in: pure, use: chance),
        BannedName("shuffled(", in: pure, use: chance),
        BannedName("shuffle(", in: pure, use: chance),
        BannedName("hashValue", in: pure, use: "it differs from run to run: order and name things by their own bytes"),

        BannedName("[String:", in: ofOutsiders, exceptIn: ofOurs, use: bytes),
        BannedName("Set<String>", in: ofOutsiders, exceptIn: ofOurs, use: bytes),

        BannedName("try!", in: sources, use: forced),
        BannedName("try?", in: sources, use: forced),
        BannedName("as!", in: sources, use: "ask with as? and say what happens otherwise"),
        BannedName("fatalError()", in: sources, use: "say what was believed and what was found"),
        BannedName(
            "print(", in: sources, exceptIn: ["Sources/saga-runner"], notAfter: methods,
            use: "only the command line speaks on standard output; elsewhere log"),

        BannedName("Task.sleep", in: tests, use: signals),
        BannedName("Thread.sleep", in: tests, use: signals),
        BannedName("sleep(", in: tests, notAfter: methods, use: signals),
        BannedName("usleep(", in: tests, use: signals),
        BannedName("nanosleep(", in: tests, use: signals),
    ]
}
