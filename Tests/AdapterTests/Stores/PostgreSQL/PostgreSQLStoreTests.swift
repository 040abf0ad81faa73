import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLStoreTests {
    @Test(arguments: StoreLaws.all)
    func `the PostgreSQL store keeps the law`(_ law: StoreLaw) async throws {
        let isUnchained = law.name.hasPrefix("every kind of entry")
        try await law.check(PostgresStoreFixture(verifies: !isUnchained))
    }
}
