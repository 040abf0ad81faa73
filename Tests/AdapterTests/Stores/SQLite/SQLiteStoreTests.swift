import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import Testing

@Suite struct SQLiteStoreTests {
    @Test(arguments: StoreLaws.all)
    func `the SQLite store keeps the law`(_ law: StoreLaw) async throws {
        let isUnchained = law.name.hasPrefix("every kind of entry")
        try await law.check(try SQLiteStoreFixture(verifies: !isUnchained))
    }

    @Test func `what commit has returned is there after the process is gone`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claims = try await hand.held(["SG-1", "SG-2"], under: lease)
        let first = try #require(claims.first)
        for count in 1...3 {
            let append = try await hand.append(to: "SG-1", first, count: count)
            _ = try await store.commit([.append(append)], under: lease)
            let copy = try ScratchFolder()
            try folder.copyDatabase(to: copy)
            let survivor = try await SQLiteStore.open(copy.configuration(clock: clock))
            let id = try hand.id("SG-1")
            let (kept, written) = (try await survivor.row(of: id), try await store.row(of: id))
            #expect(kept == written)
            #expect(try await survivor.journal(of: id, after: 0, limit: 99).count == [1, 3, 6][count - 1])
            #expect(try await survivor.verifyAudit().fault == nil)
            let (keptHead, head) = (try await survivor.auditHead(), try await store.auditHead())
            #expect(keptHead == head)
            await survivor.close()
        }
        await store.close()
    }

    @Test func `a file that is no SQLite database is said to be none, with its path`() async throws {
        let folder = try ScratchFolder()
        let text = String(repeating: "not a database at all\n", count: 500)
        try Data(text.utf8).write(to: URL(filePath: folder.database))
        func isSaid(_ error: any Error) -> Bool {
            (error as? StoreError)?.detail.contains("\(folder.database) is no SQLite database") == true
        }
        await #expect { _ = try await SQLiteStore.open(folder.configuration()) } throws: { isSaid($0) }
        await #expect { _ = try await SQLiteStore.openForReading(folder.configuration()) } throws: { isSaid($0) }
        await #expect { _ = try await SQLiteStore.migrate(folder.configuration()) } throws: { isSaid($0) }
        #expect(try String(contentsOfFile: folder.database, encoding: .utf8) == text)
    }

    @Test func `a second process is refused and told who holds the store`() async throws {
        let folder = try ScratchFolder()
        var configuration = folder.configuration()
        configuration.address = "http://127.0.0.1:8080"
        #expect(try StoreLock.holder(of: folder.database) == nil)
        let store = try await SQLiteStore.open(configuration)
        let holder = try #require(try StoreLock.holder(of: folder.database))
        #expect(holder.pid == ProcessInfo.processInfo.processIdentifier)
        #expect(holder.address == "http://127.0.0.1:8080")
        await #expect { _ = try await SQLiteStore.open(configuration) } throws: { error in
            let error = error as? StoreError
            return error?.code == .unavailable && error?.detail.contains("process \(holder.pid)") == true
        }
        await #expect(throws: StoreError.self) { _ = try await SQLiteStore.openForReading(configuration) }
        await store.close()
        #expect(try StoreLock.holder(of: folder.database) == nil)
        await #expect(throws: StoreError(.unavailable, "the store is closed")) { _ = try await store.nextWake(for: []) }
    }

    @Test func `a store that nobody holds is read without being written`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        _ = try await store.commit([.submit(try hand.seed("SG-1"))], under: nil)
        let crashed = try ScratchFolder()
        try folder.copyDatabase(to: crashed)
        await store.close()
        for folder in [folder, crashed] {
            let one = try await SQLiteStore.openForReading(folder.configuration(clock: clock))
            let other = try await SQLiteStore.openForReading(folder.configuration(clock: clock))
            #expect(try await one.search(SagaQuery()).total == 1)
            #expect(try await other.row(of: try hand.id("SG-1")) != nil)
            await #expect(throws: StoreError.self) {
                _ = try await one.commit([.submit(try hand.seed("SG-2"))], under: nil)
            }
            await one.close()
            await other.close()
        }
        await #expect(throws: StoreError.self) {
            _ = try await SQLiteStore.openForReading(try ScratchFolder().configuration())
        }
    }

    @Test func `a full disk refuses a batch and the store goes on when there is room`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["SG-1"], under: lease).first)
        try await store.runOnWriter { connection in
            try connection.execute("PRAGMA max_page_count = 1")
        }
        var append = try await hand.append(to: "SG-1", claim)
        append.entries = StoreHand.entries(
            after: 0, from: try hand.seed("SG-1").genesis, count: 1, at: clock.now(),
            body: String(repeating: "x", count: 1 << 20))
        let batch: [StoreOperation] = [.print(StoreHand.print("retry")), .append(append)]
        await #expect { _ = try await store.commit(batch, under: lease) } throws: {
            ($0 as? StoreError)?.code == .unavailable
        }
        #expect(try await store.row(of: try hand.id("SG-1"))?.sequence == 0)
        try await store.runOnWriter { connection in
            try connection.execute("PRAGMA max_page_count = 1000000")
        }
        guard case .appended(held: true) = try await store.commit(batch, under: lease).last else {
            Issue.record("the batch was refused though there is room")
            return
        }
        #expect(try await store.verifyAudit().fault == nil)
        await store.close()
    }

    @Test func `no batch begins while the disk has too little room`() async throws {
        let folder = try ScratchFolder()
        var configuration = folder.configuration()
        configuration.minimumFreeBytes = .max
        let store = try await SQLiteStore.open(configuration)
        await #expect { _ = try await store.commit([.release(RunnerID("r"))], under: nil) } throws: {
            ($0 as? StoreError)?.code == .unavailable
        }
        await store.close()
    }

    @Test func `after a failed disk nothing is written or read any more`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        _ = try await store.commit([.submit(try hand.seed("SG-1"))], under: nil)
        await #expect(throws: SQLiteError.self) {
            try await store.runOnWriter { _ in
                throw SQLiteError(extendedCode: 10 | (3 << 8), operation: "run a statement", detail: "")
            }
        }
        let second = try hand.seed("SG-2")
        await #expect { _ = try await store.commit([.submit(second)], under: nil) } throws: {
            ($0 as? StoreError)?.code == .damaged
        }
        await #expect { _ = try await store.nextWake(for: []) } throws: { ($0 as? StoreError)?.code == .damaged }
        await store.close()
    }

    @Test(arguments: [false, true])
    func `nothing is acknowledged into a file that has been removed or replaced`(_ isReplaced: Bool) async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        _ = try await store.commit([.submit(try hand.seed("SG-1"))], under: nil)
        try FileManager.default.removeItem(atPath: folder.database)
        if isReplaced { #expect(FileManager.default.createFile(atPath: folder.database, contents: nil)) }
        let second = try hand.seed("SG-2")
        for _ in 0..<2 {
            await #expect { _ = try await store.commit([.submit(second)], under: nil) } throws: {
                ($0 as? StoreError)?.code == .damaged
            }
        }
        await store.close()
    }

    @Test func `a file that is overwritten while it is open is noticed as damage`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let hand = StoreHand(store: try await SQLiteStore.open(folder.configuration(clock: clock)), clock: clock)
        let lease = try await hand.lease()
        _ = try await hand.held((0..<300).map { "SG-\($0)" }, under: lease)
        await (hand.store as? SQLiteStore)?.close()
        let file = try #require(FileHandle(forUpdatingAtPath: folder.database))
        let size = try file.seekToEnd()
        try file.seek(toOffset: 4_096 * 2)
        try file.write(contentsOf: [UInt8](repeating: 0xAA, count: Int(size) - 4_096 * 2))
        try file.close()
        await #expect { _ = try await SQLiteStore.open(folder.configuration(clock: clock)) } throws: {
            ($0 as? StoreError)?.code == .damaged
        }
    }

    @Test func `a batch that is impossible fails alone, whoever shares its transaction`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["SG-0"], under: lease).first)
        var gap = try await hand.append(to: "SG-0", claim)
        gap.entries = StoreHand.entries(after: 5, from: try hand.seed("SG-0").genesis, count: 1, at: clock.now())
        let impossible: [StoreOperation] = [.submit(try hand.seed("SG-X")), .append(gap)]
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 1...40 {
                group.addTask {
                    do {
                        let batch = number == 20 ? impossible : [.submit(try hand.seed("SG-\(number)"))]
                        _ = try await store.commit(batch, under: lease)
                        return true
                    } catch {
                        return (error as? StoreError)?.code != .misuse
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { !$0 }.count == 1)
        #expect(try await store.search(SagaQuery()).total == 40)
        #expect(try await store.row(of: try hand.id("SG-X")) == nil)
        await store.close()
    }

    @Test func `a job on the writer that leaves its transaction open is undone and told so`() async throws {
        let folder = try ScratchFolder()
        let store = try await SQLiteStore.open(folder.configuration())
        try await store.runOnWriter { try $0.execute("CREATE TABLE side(x INTEGER) STRICT") }
        await #expect(throws: StoreError.self) {
            try await store.runOnWriter { connection in
                try connection.execute("BEGIN; INSERT INTO side VALUES(1)")
            }
        }
        let count = try await store.runOnWriter { try $0.firstRow("SELECT count(*) FROM side") { $0.int64(0) } }
        #expect(count == 0)
        await store.close()
    }

    @Test func `history cannot be edited through the store's own connection`() async throws {
        let folder = try ScratchFolder()
        let store = try await SQLiteStore.open(folder.configuration())
        _ = try await store.commit([.print(StoreHand.print("retry"))], under: nil)
        for script in ["UPDATE print SET at = 0", "DELETE FROM print", "UPDATE seal SET at = 0", "DELETE FROM seal"] {
            await #expect(throws: SQLiteError.self) { try await store.runOnWriter { try $0.execute(script) } }
        }
        await store.close()
    }
}
