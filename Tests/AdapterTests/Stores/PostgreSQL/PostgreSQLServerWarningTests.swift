import Testing

@testable import Adapters

/// What a server says without being asked.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLServerWarningTests {
    @Test func `a warning of the server's does not go to standard error`() async throws {
        // In a process of its own: this one's standard error is everybody's.
        let ended = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try ScratchSchema().run("DO $$ BEGIN RAISE WARNING 'a word of the server'; END $$")
        }
        let text = String(decoding: ended.standardErrorContent, as: UTF8.self)
        #expect(!text.contains("a word of the server"), "\(text)")
    }
}
