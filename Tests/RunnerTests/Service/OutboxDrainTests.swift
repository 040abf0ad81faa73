import Foundation
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@testable import Adapters
@testable import saga_runner

/// The outbox's file, written by one process at a time of those that share a store.
@Suite struct OutboxDrainTests {
    /// A kind of store.
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case sqlite = "SQLite"
        case postgreSQL = "PostgreSQL"

        var testDescription: String { rawValue }

        /// Those that can be tested here.
        static var here: [Kind] { allCases.filter { $0 != .postgreSQL || !ScratchDatabase.url.isEmpty } }

        /// Opens a fresh store as two processes have it; where there can be one process alone, both are the same.
        func use(
            _ clock: SimulatedClock, _ body: (any ServiceStore, any ServiceStore) async throws -> Void
        ) async throws {
            switch self {
            case .sqlite:
                let folder = try ScratchFolder()
                let store = try await SQLiteStore.open(
                    SQLiteStoreConfiguration(path: "\(folder.path)/store.db", clock: clock, digest: SHA256Digest()))
                try await Self.close([store]) { try await body(store, store) }
            case .postgreSQL:
                try await ScratchDatabase.use { database in
                    let configuration = PostgresStoreConfiguration(
                        url: ScratchDatabase.url, schema: database.schema, time: .given(clock), digest: SHA256Digest())
                    let one = try await PostgresStore.open(configuration)
                    let other = try await PostgresStore.open(configuration)
                    try await Self.close([one, other]) { try await body(one, other) }
                }
            }
        }

        private static func close(_ stores: [any ServiceStore], after body: () async throws -> Void) async throws {
            do {
                try await body()
            } catch {
                for store in stores { await store.close() }
                throw error
            }
            for store in stores { await store.close() }
        }
    }

    /// The books of a test: lines that can be added to, and something that happens while somebody reads them.
    private final class Books: RecordedBooks {
        private let count: Locked<Int64>
        private let afterReading: @Sendable () async -> Void

        init(_ lines: Int64, afterReading: @escaping @Sendable () async -> Void = {}) {
            count = Locked(lines)
            self.afterReading = afterReading
        }

        func bookValues(
            in space: String, after key: String, limit: Int
        ) async throws(StoreError) -> [(key: String, value: [UInt8])] { [] }

        func bookLines(of log: String, after number: Int64, limit: Int) async throws(StoreError) -> [BookLine] {
            let last = min(count.withLock { $0 }, number + Int64(limit))
            guard let saga = SagaID(rawValue: "SG-1") else { throw StoreError(.misuse, "no id") }
            let cause = RecordCause(saga: saga, stage: StageName(rawValue: "notify"), at: Timestamp(milliseconds: 0))
            let lines =
                number < last
                ? (number + 1...last).map { BookLine(number: $0, key: "k", body: Array("{}".utf8), cause: cause) } : []
            await afterReading()
            return lines
        }

        func bookLines(
            of log: String, under key: String, after place: BookPlace, limit: Int
        ) async throws(StoreError) -> [BookLine] { [] }
    }

    private static func drain(
        _ holder: String, _ store: any ServiceStore, _ clock: SimulatedClock, _ books: Books, _ log: LogPipe,
        path: String = ""
    ) -> OutboxDrain {
        OutboxDrain(
            path: path, books: books, clock: clock, notes: ServiceNotes(in: store),
            lease: ServiceLease(
                OutboxDrain.service, holder: holder, length: OutboxDrain.leaseLength, in: store, clock: clock),
            bell: ServiceBell(), logger: log.logger)
    }

    private static func numbers(in path: String) throws -> [Int64] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
            SagaJSON.json(Array(line.utf8))["number"]?.integerValue
        }
    }

    @Test(arguments: Kind.here)
    func `one drains at a time, and another goes on where it stopped once it gives the lease back or dies`(
        in kind: Kind
    ) async throws {
        let (folder, clock, log) = (try ScratchFolder(), SimulatedClock(), try LogPipe())
        let files = [OutboxFile(path: "\(folder.path)/one"), OutboxFile(path: "\(folder.path)/other")]
        try await kind.use(clock) { store, rivals in
            let (few, many, all) = (Books(3), Books(1_203), Books(1_204))
            let first = try #require(await Self.drain("one", store, clock, few, log).drain(into: files[0], in: nil))
            #expect(await Self.drain("other", rivals, clock, many, log).drain(into: files[1], in: nil) == nil)
            let second = try #require(
                await Self.drain("one", store, clock, many, log).drain(into: files[0], in: first))
            #expect(try Self.numbers(in: "\(folder.path)/one") == Array(1...1_203))
            clock.advance(by: .seconds(29))
            #expect(await Self.drain("other", rivals, clock, all, log).drain(into: files[1], in: nil) == nil)
            // Prolonged in time, although there was nothing to drain.
            let third = try #require(
                await Self.drain("one", store, clock, many, log).drain(into: files[0], in: second))
            clock.advance(by: .seconds(29))
            #expect(await Self.drain("other", rivals, clock, all, log).drain(into: files[1], in: nil) == nil)
            #expect(third.number == first.number)
            clock.advance(by: .seconds(1))
            #expect(await Self.drain("other", rivals, clock, all, log).drain(into: files[1], in: nil) != nil)
            #expect(try Self.numbers(in: "\(folder.path)/other") == [1_204])
        }
    }

    @Test(arguments: Kind.here)
    func `one that stands still while another takes over moves nothing back, and no line is missing`(
        in kind: Kind
    ) async throws {
        let (folder, clock, log) = (try ScratchFolder(), SimulatedClock(), try LogPipe())
        let file = OutboxFile(path: "\(folder.path)/file")
        try await kind.use(clock) { store, rivals in
            let books = Books(5)
            let paused = Books(2) {
                clock.advance(by: .seconds(30))
                let turn = await Self.drain("other", rivals, clock, books, log).drain(into: file, in: nil)
                #expect(turn != nil)
            }
            #expect(await Self.drain("one", store, clock, paused, log).drain(into: file, in: nil) == nil)
            let drained = try await ServiceNotes(in: store).note("outbox.drained")
            #expect(drained == "5")
            #expect(try Self.numbers(in: "\(folder.path)/file") == [1, 2, 3, 4, 5, 1, 2])
        }
    }

    @Test(arguments: Kind.here)
    func `one that stops gives the lease back`(in kind: Kind) async throws {
        let (folder, clock, log) = (try ScratchFolder(), SimulatedClock(), try LogPipe())
        try await kind.use(clock) { store, rivals in
            let books = Books(2)
            let seen = ServiceBell()
            let drain = Self.drain(
                "one", store, clock, Books(2) { seen.ring() }, log, path: "\(folder.path)/file")
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await drain.run() }
                await seen.wait()
                group.cancelAll()
            }
            let numbers = try Self.numbers(in: "\(folder.path)/file")
            #expect(numbers == [1, 2])
            let other = Self.drain("other", rivals, clock, books, log)
            let turn = await other.drain(into: OutboxFile(path: "\(folder.path)/other"), in: nil)
            #expect(turn != nil)
        }
    }
}
