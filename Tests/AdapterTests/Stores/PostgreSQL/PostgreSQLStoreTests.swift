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

    @Test(arguments: [
        ("UPDATE journal SET body = '{}' WHERE sequence = 2", AuditFault.Code.entryAltered),
        ("DELETE FROM journal WHERE sequence = 3", .entryMissing),
        ("DELETE FROM journal WHERE sequence = 4", .sealBroken),
        ("UPDATE print SET print = replace(print, 'because', 'whatever')", .sealBroken),
        ("DELETE FROM seal WHERE number = 1", .sealMissing),
        ("UPDATE progress SET sequence = 9", .rowAltered),
    ])
    func `what is changed behind the store's back is found`(change: String, code: AuditFault.Code) async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let store = try await PostgresStore.open(try schema.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["S-1"], under: lease).first)
        for _ in 0..<2 {
            let append = try await hand.append(to: "S-1", claim, count: 2)
            _ = try await store.commit([.append(append), .print(StoreHand.print("retry"))], under: lease)
            _ = try await store.seal()
        }
        #expect(try await store.verifyAudit().fault == nil)
        // Our own triggers refuse it; whoever owns the tables can switch them off.
        #expect(throws: PostgresError.self) { try schema.run("DELETE FROM journal") }
        let tables = ["journal", "print", "seal"].map { "ALTER TABLE \($0) DISABLE TRIGGER USER;" }.joined()
        try schema.run(tables + change)
        #expect(try await store.verifyAudit().fault?.code == code)
        await store.close()
        try schema.drop()
    }

    @Test(arguments: EvidencedHistory.forgeries)
    func `what a row or the inbox says otherwise than the journal is found`(
        change: String, code: AuditFault.Code
    ) async throws {
        let schema = ScratchSchema()
        let store = try await PostgresStore.open(try schema.configuration())
        try await EvidencedHistory.write(to: store)
        _ = try await store.seal()
        let report = try await store.verifyAudit()
        #expect(report.fault == nil && report.sagas == 2 && report.entries == 3)
        try schema.run("ALTER TABLE finished DISABLE TRIGGER USER;" + change)
        #expect(try await store.verifyAudit().fault?.code == code)
        await store.close()
        try schema.drop()
    }
}
