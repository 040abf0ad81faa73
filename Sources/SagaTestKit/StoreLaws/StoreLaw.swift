/// One thing that every store does, stated as a sentence and able to fail.
public struct StoreLaw: Sendable, CustomStringConvertible {
    /// The law, as a sentence.
    public let name: String
    /// Throws ``LawBroken`` when a store of the fixture's kind does not keep the law.
    public let check: @Sendable (any StoreFixture) async throws -> Void

    /// States a law that is checked on a fresh bench.
    init(_ name: String, _ check: @escaping @Sendable (StoreBench) async throws -> Void) {
        self.name = name
        self.check = { fixture in
            let bench = try await StoreBench(fixture)
            do {
                try await check(bench)
            } catch {
                // What the law found matters more than how the cleaning up went.
                try await bench.close()
                throw error
            }
            try await bench.close()
        }
    }

    /// The law's sentence.
    public var description: String { name }
}

/// A law that a store does not keep.
public struct LawBroken: Error, Sendable, CustomStringConvertible {
    /// What was seen instead.
    public let message: String

    /// Reports what was seen.
    public init(_ message: String) { self.message = message }

    /// What was seen instead.
    public var description: String { message }
}

/// The laws that every store keeps.
public enum StoreLaws {
    /// All of them, by theme.
    public static let all: [StoreLaw] =
        submission + leases + appends + waits + notices + contradictions + conflicts + assignments + children + books
        + reading + audit
}
