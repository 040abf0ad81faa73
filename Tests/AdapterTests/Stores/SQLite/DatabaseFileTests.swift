import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct DatabaseFileTests {
    private func refusal(_ folder: ScratchFolder) async throws -> String? {
        do throws(StoreError) {
            let store = try await SQLiteStore.open(folder.configuration(clock: SimulatedClock()))
            await store.close()
            return nil
        } catch {
            #expect(error.code == .misuse)
            return error.detail
        }
    }

    private func put(_ bytes: [UInt8], at path: String) {
        #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
    }

    @Test(arguments: [
        Array("h".utf8), Array("hello, this is no database at all\n".utf8), Array("SQLite format 3\0".utf8),
        [UInt8](repeating: 0, count: 4_096),
    ])
    func `a file that is not empty and no database is refused and left as it is`(_ bytes: [UInt8]) async throws {
        let folder = try ScratchFolder()
        put(bytes, at: folder.database)
        #expect(try await refusal(folder)?.contains("is no SQLite database") == true)
        #expect(FileManager.default.contents(atPath: folder.database) == Data(bytes))
    }

    @Test func `an empty file becomes a database`() async throws {
        let folder = try ScratchFolder()
        put([], at: folder.database)
        #expect(try await refusal(folder) == nil)
    }

    @Test func `a pipe is refused, and nobody waits for it`() async throws {
        let folder = try ScratchFolder()
        mkfifo(folder.database, 0o600)
        #expect(try await refusal(folder)?.contains("is no regular file") == true)
    }

    @Test(arguments: [100, 4_096, 20_000])
    func `a database that was cut short is refused`(_ bytes: Int) async throws {
        let folder = try ScratchFolder()
        #expect(try await refusal(folder) == nil)
        let size = try #require(FileManager.default.contents(atPath: folder.database)?.count)
        truncate(folder.database, size - bytes)
        #expect(try await refusal(folder)?.contains("was cut short") == true)
        truncate(folder.database, size)
    }
}
