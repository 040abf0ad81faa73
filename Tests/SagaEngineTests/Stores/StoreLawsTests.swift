import SagaEngine
import SagaTestKit
import Testing

@Suite struct StoreLawsTests {
    @Test(arguments: StoreLaws.all)
    func `the memory store keeps the law`(_ law: StoreLaw) async throws {
        try await law.check(MemoryStoreFixture())
    }
}
