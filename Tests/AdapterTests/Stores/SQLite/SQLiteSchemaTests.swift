import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import Testing

@Suite struct SQLiteSchemaTests {
    /// A database as the first version of the schema was written, with one saga, its journal and its seal.
    static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Fixtures/sqlite-store/version-1.sql").standardized

    @Test func `a database of the first version is migrated and keeps its history`() async throws {
        let folder = try ScratchFolder()
        try folder.edit(try String(contentsOf: Self.fixture, encoding: .utf8))
        let clock = SimulatedClock()
        await #expect(throws: StoreError.self) {
            _ = try await SQLiteStore.openForReading(folder.configuration(clock: clock))
        }
        let steps = try await SQLiteStore.migrate(folder.configuration(clock: clock))
        #expect(steps.map(\.number) == Array(2...14))
        #expect(steps.allSatisfy { !$0.reason.isEmpty })
        #expect(try await SQLiteStore.migrate(folder.configuration(clock: clock)).isEmpty)
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let id = try #require(SagaID(rawValue: "SG-TOWER-1"))
        #expect(try await store.journal(of: id, after: 0, limit: 9).map(\.sequence) == [1, 2])
        let report = try await store.verifyAudit()
        #expect(report.fault == nil)
        let counts = [report.entries, report.prints, report.seals, report.sagas]
        let expected: [Int] = [2, 1, 1, 1]
        #expect(counts == expected)
        await store.close()
    }

    @Test func `a database of a newer schema is refused with the remedy`() async throws {
        let folder = try ScratchFolder()
        let store = try await SQLiteStore.open(folder.configuration())
        await store.close()
        try folder.edit("PRAGMA user_version = 99")
        await #expect { _ = try await SQLiteStore.open(folder.configuration()) } throws: { error in
            let error = error as? StoreError
            return error?.code == .misuse && error?.detail.contains("schema 99") == true
        }
        #expect(try StoreLock.holder(of: folder.database) == nil)
    }

    @Test func `the journal can be read by people`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["SG-1"], under: lease).first)
        _ = try await store.commit([.append(try await hand.append(to: "SG-1", claim))], under: lease)
        let line = try await store.runOnWriter { connection in
            try connection.firstRow("SELECT saga, stage, body, at FROM readable_journal") { row in
                [row.text(0), row.text(1), row.text(2), row.text(3)]
            }
        }
        #expect(line == ["SG-1", "fund", "{\"n\":1}", "2026-01-01T00:00:00.000Z"])
        await store.close()
    }
}
