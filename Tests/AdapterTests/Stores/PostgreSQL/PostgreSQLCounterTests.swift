import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Counters of writers that are gone are put together, whoever writes meanwhile.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped), .serialized)
struct PostgreSQLCounterTests {
    private func withSchema(_ body: (ScratchSchema) async throws -> Void) async throws {
        let schema = ScratchSchema()
        let store = try await PostgresStore.open(try schema.configuration())
        do {
            try await body(schema)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        try schema.drop()
    }

    private func connection(to schema: ScratchSchema) throws -> PostgresConnection {
        let connection = try PostgresConnection(url: try #require(ScratchSchema.url), application: "beside")
        try connection.execute("SET search_path = \(schema.name)")
        return connection
    }

    private func texts(_ sql: String, in schema: ScratchSchema) throws -> [String] {
        try connection(to: schema).run(PostgresStatement("asked", sql)).rows.map { $0.text(0) }
    }

    private static let stakes = "SELECT writer || ' ' || asset || ' ' || amount FROM stake ORDER BY writer, asset"
    private static let ends = "SELECT parent || ' ' || writer || ' ' || ended FROM child_end ORDER BY parent, writer"

    @Test func `rows of writers that are gone become one, and those of the living stay`() async throws {
        try await withSchema { schema in
            try schema.run(
                """
                INSERT INTO runner VALUES (103, 'r', '', '', '', 0, 0);
                INSERT INTO stake VALUES (0, 'AED', 5), (101, 'AED', 10), (102, 'AED', -3), (102, 'USD', 4),
                    (103, 'AED', 7);
                INSERT INTO child_end VALUES (1, 101, 2), (1, 102, 3), (1, 103, 4), (2, 101, 9), (3, 0, 1), (3, 102, 1);
                """)
            var fold = CounterFold()
            for _ in 0..<2 { try fold.fold(try connection(to: schema), in: schema.name) }
            #expect(try texts(Self.stakes, in: schema) == ["0 AED 12", "0 USD 4", "103 AED 7"])
            #expect(try texts(Self.ends, in: schema) == ["1 0 5", "1 103 4", "2 101 9", "3 0 2"])
        }
    }

    @Test func `a sum is right at every moment while writers add and several fold`() async throws {
        try await withSchema { schema in
            let rounds = 200
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in [Int64(201), 202] {
                    let connection = try SendableConnection(connection(to: schema))
                    group.addTask {
                        for _ in 0..<rounds {
                            try connection.run(Change.stakes, .bigint(writer), .texts(["AED"]), .texts(["1"]))
                            try connection.run(Change.childEnds, .bigint(writer), .numbers([7]), .numbers([1]))
                            await Task.yield()
                        }
                    }
                }
                for _ in 0..<2 {
                    let connection = try SendableConnection(connection(to: schema))
                    group.addTask {
                        var fold = CounterFold()
                        var last: (Int64, Int64) = (0, 0)
                        for _ in 0..<rounds {
                            try connection.fold(&fold, in: schema.name)
                            let sums = try connection.run(Self.sums)
                            let seen = sums.first.map { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
                            // Nobody takes anything away, so a smaller sum is one that was seen in between.
                            #expect(seen.0 >= last.0 && seen.1 >= last.1)
                            last = seen
                            await Task.yield()
                        }
                    }
                }
                try await group.waitForAll()
            }
            var fold = CounterFold()
            try fold.fold(try connection(to: schema), in: schema.name)
            #expect(try texts(Self.stakes, in: schema) == ["0 AED \(2 * rounds)"])
            #expect(try texts("SELECT sum(ended)::text FROM child_end", in: schema) == ["\(2 * rounds)"])
        }
    }

    private static let sums = PostgresStatement(
        "sums",
        """
        SELECT coalesce((SELECT sum(amount) FROM stake), 0)::bigint,
            coalesce((SELECT sum(ended) FROM child_end), 0)::bigint
        """)
}

/// A connection that one task at a time uses.
private final class SendableConnection: @unchecked Sendable {
    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) { self.connection = connection }

    @discardableResult
    func run(_ statement: PostgresStatement, _ parameters: PostgresParameter...) throws -> PostgresResult {
        try connection.run(PostgresConnection.Call(statement, all: parameters))
    }

    func fold(_ fold: inout CounterFold, in schema: String) throws { try fold.fold(connection, in: schema) }
}
