import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@testable import Adapters

@Suite struct StoredNeighboursTests {
    private static let names = ["SG-1", "SG-2", "SG-3"]

    /// Tables in which three offerings are sealed, one after the other; all have INV-1, each one of its own.
    private func use(
        _ kind: TableKind, _ body: (SQLiteStore, StoredNeighbours, StoreHand) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        try await kind.use { tables in
            let book = OfferingTables(on: tables)
            for (index, name) in Self.names.enumerated() {
                var draft = try OfferingDraft(id: name, offered: 10)
                for investor in ["INV-1", "INV-\(name)"] {
                    try draft.invest(investor)
                    try draft.log("SUB-\(investor)", investor, at: 1, .apply, UInt64(index + 1))
                }
                // No live demand claims nothing.
                try draft.invest("INV-0")
                _ = try await draft.seal(in: book)
            }
            try await body(
                store, StoredNeighbours(tables: tables, sagas: store), StoreHand(store: store, clock: clock))
        }
        await store.close()
    }

    private func change(_ store: SQLiteStore, _ saga: String, _ assignment: String) async throws {
        try await store.runOnWriter { connection in
            try connection.execute(
                "UPDATE progress SET \(assignment) WHERE number = (SELECT number FROM saga WHERE id = '\(saga)')")
        }
    }

    @Test(arguments: TableKind.here)
    func `the others come in the order in which they were sealed`(in kind: TableKind) async throws {
        try await use(kind) { _, neighbours, _ in
            let found = try await neighbours.unsettled(besides: try OfferingID("SG-2"))
            #expect(found.map(\.offering.id.rawValue) == ["SG-1", "SG-3"])
            #expect(found.map(\.isEarlier) == [true, false])
            #expect(found.map(\.isMoving) == [false, false], "neither is handed in yet")
        }
    }

    @Test(arguments: TableKind.here)
    func `one that has ended is none, and one past its point of no return moves`(in kind: TableKind) async throws {
        try await use(kind) { store, neighbours, hand in
            _ = try await hand.held(["SG-1", "SG-3"], under: try await hand.lease())
            let asked = try OfferingID("SG-2")
            for status in SagaStatus.allCases {
                try await change(store, "SG-1", "status = \(status.storeCode)")
                let found = try await neighbours.unsettled(besides: asked)
                #expect(found.contains { $0.offering.id.rawValue == "SG-1" } == !status.isTerminal, "\(status)")
                #expect(found.first?.isMoving == false, "\(status)")
            }
            try await change(store, "SG-3", "pivoted = 1")
            #expect(try await neighbours.unsettled(besides: asked).map(\.isMoving) == [true])
            // Called off, and stuck before its first refund or while it refunds.
            try await change(store, "SG-3", "status = \(SagaStatus.stuck.storeCode)")
            #expect(try await neighbours.unsettled(besides: asked).map(\.isMoving) == [true])
        }
    }

    @Test(arguments: TableKind.here)
    func `lines are found by their escrow account, with what they paid`(in kind: TableKind) async throws {
        try await use(kind) { _, neighbours, _ in
            let accounts = try ["ESC-INV-SG-3", "ESC-INV-1", "ESC-INV-0", "ESC-INV-SG-1"].map { try AccountID($0) }
            let claims = try await neighbours.claims(of: try OfferingID("SG-3"), on: accounts)
            #expect(claims.map(\.investor.rawValue) == ["INV-1", "INV-SG-3"])
            #expect(claims.map(\.account.rawValue) == ["ESC-INV-1", "ESC-INV-SG-3"])
            #expect(claims.allSatisfy { $0.paid == Money(.sgd, minorUnits: 3 * 507) })
            #expect(try await neighbours.claims(of: try OfferingID("SG-9"), on: accounts) == [])
        }
    }
}
