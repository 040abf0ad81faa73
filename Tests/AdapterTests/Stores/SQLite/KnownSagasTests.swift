import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

@Suite struct KnownSagasTests {
    @Test func `what a job on the writer's connection changes is seen by the next operation`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["SG-1"], under: lease).first)
        let append = try await hand.append(to: "SG-1", claim)
        try await store.runOnWriter { connection in _ = try connection.run("UPDATE progress SET status = 7") }
        let results = try await store.commit([.append(append)], under: lease)
        let isFenced = if case .fenced? = results.first { true } else { false }
        #expect(isFenced, "its row says that it is closed")
        await store.close()
    }

    @Test func `no more sagas are kept than the limit`() throws {
        let connection = try SQLiteConnection(path: "")
        _ = try SQLiteSchema.migrate(connection)
        try connection.run("INSERT INTO flow VALUES(1, 'flow', 1)")
        let count = Int64(KnownSagas.limit) + 1
        try connection.transaction {
            for number in 1...count {
                try connection.run(
                    "INSERT INTO saga(number, flow, created, id, input) VALUES(?1, 1, 0, 'SG-' || ?1, x'')",
                    .integer(number))
                try connection.run(
                    """
                    INSERT INTO progress(number, flow, status, sequence, sleep, stirred, open, pivoted, updated, head)
                    VALUES(?, 1, 0, 0, 0, 0, 0, 0, 0, x'')
                    """, .integer(number))
            }
        }
        var known = KnownSagas()
        try connection.forEachRow(WritableSaga.columns + " ORDER BY t.number") { known.keep(try WritableSaga($0)) }
        let kept = (1...count).filter { known[$0] != nil }
        #expect(kept.count <= KnownSagas.limit)
        #expect(kept.last == count)
    }
}
