import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import Testing

@Suite struct DatabaseLockTests {
    /// A process of its own that locks the file as the store does, until it is killed.
    private func holder(of path: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["flock", "--no-fork", "--exclusive", path, "sh", "-c", "echo held; exec cat"]
        process.standardInput = Pipe()
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        #expect(try output.fileHandleForReading.read(upToCount: 5) == Data("held\n".utf8))
        return process
    }

    private func isHeld(_ error: any Error) -> Bool {
        let error = error as? StoreError
        return error?.code == .unavailable && error?.detail.contains("its lock file does not name") == true
    }

    @Test func `a lock file that was removed lets no second one in, in this process or another`() async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        for _ in 0..<2 {
            try FileManager.default.removeItem(atPath: StoreLock.path(for: folder.database))
            await #expect { _ = try await SQLiteStore.open(folder.configuration()) } throws: { isHeld($0) }
            await #expect { _ = try await SQLiteStore.openForReading(folder.configuration()) } throws: { isHeld($0) }
        }
        let shell = Process()
        shell.executableURL = URL(filePath: "/usr/bin/env")
        shell.arguments = ["flock", "--nonblock", "--shared", folder.database, "true"]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 1, "another process gets the file")
        _ = try await store.commit([.print(StoreHand.print("retry"))], under: nil)
        await store.close()
        let next = try await SQLiteStore.open(folder.configuration(clock: clock))
        await next.close()
    }

    @Test func `a process that is killed leaves the database free at once`() async throws {
        let folder = try ScratchFolder()
        let store = try await SQLiteStore.open(folder.configuration())
        await store.close()
        let process = try holder(of: folder.database)
        await #expect { _ = try await SQLiteStore.open(folder.configuration()) } throws: { isHeld($0) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let next = try await SQLiteStore.open(folder.configuration())
        await next.close()
    }

    @Test func `being refused, and reading beside a reader, drops none of SQLite's own locks`() async throws {
        let folder = try ScratchFolder()
        let store = try await SQLiteStore.open(folder.configuration())
        let before = try locks(on: folder.database)
        #expect(!before.isEmpty)
        await #expect(throws: StoreError.self) { _ = try await SQLiteStore.open(folder.configuration()) }
        try FileManager.default.removeItem(atPath: StoreLock.path(for: folder.database))
        await #expect(throws: StoreError.self) { _ = try await SQLiteStore.open(folder.configuration()) }
        #expect(try locks(on: folder.database) == before)
        await store.close()
        #expect(try locks(on: folder.database).isEmpty)

        let one = try await SQLiteStore.openForReading(folder.configuration())
        let alone = try locks(on: folder.database)
        let other = try await SQLiteStore.openForReading(folder.configuration())
        await other.close()
        #expect(try locks(on: folder.database) == alone)
        await #expect(throws: StoreError.self) { _ = try await SQLiteStore.open(folder.configuration()) }
        await one.close()
        #expect(try locks(on: folder.database).isEmpty)
    }

    /// What the kernel says is locked of a file: kind, mode and range.
    private func locks(on path: String) throws -> Set<String> {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let inode = try #require(attributes[.systemFileNumber] as? Int)
        // A file of the kernel's has no size, so it is read to its end.
        let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/locks"))
        let table = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        return Set(
            table.split(separator: "\n").map { $0.split(separator: " ") }
                .filter { $0.contains { $0.hasSuffix(":\(inode)") } }
                .map { $0.dropFirst().joined(separator: " ") })
    }
}
