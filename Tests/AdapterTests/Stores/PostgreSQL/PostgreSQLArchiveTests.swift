import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// The audit chain in a file, verified without the database.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLArchiveTests {
    private static let body = "{\"text\":\"Zürich \\u0007\"}"

    /// A store with two seals a minute apart, and an archive of it up to a moment.
    private func withArchive(
        upTo later: Span, _ body: (String, PostgresStore, AuditReport) async throws -> Void
    ) async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let store = try await PostgresStore.open(try schema.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let start = clock.now()
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["S-1"], under: lease).first)
        for _ in 0..<2 {
            var append = try await hand.append(to: "S-1", claim, count: 0)
            let row = try #require(try await store.row(of: try hand.id("S-1")))
            append.entries = StoreHand.entries(
                after: row.sequence, from: row.head, count: 3, at: clock.now(), body: Self.body)
            _ = try await store.commit([.append(append), .print(StoreHand.print("retry"))], under: lease)
            _ = try await store.seal()
            clock.advance(by: .minutes(1))
        }
        let path = FileManager.default.temporaryDirectory.path + "/archive-\(schema.name).ndjson"
        try #require(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try #require(FileHandle(forWritingAtPath: path))
        let report = try await store.archive(upTo: start + later) { try file.write(contentsOf: $0) }
        try file.close()
        do {
            try await body(path, store, report)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        try FileManager.default.removeItem(atPath: path)
        try schema.drop()
    }

    @Test func `an archive verifies by itself, up to the seal that the database has`() async throws {
        try await withArchive(upTo: .hours(1)) { path, store, report in
            let read = try AuditArchive.verify(path: path, digest: PlainSHA256())
            #expect(read == report)
            #expect(read.fault == nil && read.entries == 6 && read.prints == 2 && read.seals == 2)
            #expect(try await store.auditHead() == read.head)
        }
    }

    @Test func `what was sealed later is not in it`() async throws {
        try await withArchive(upTo: .seconds(30)) { path, _, report in
            let read = try AuditArchive.verify(path: path, digest: PlainSHA256())
            #expect(read == report)
            #expect(read.seals == 1 && read.entries == 3)
        }
    }

    @Test(arguments: [
        ("Zürich", "Zurich", AuditFault.Code.entryAltered), ("\"sequence\":2", "\"sequence\":5", .entryAltered),
        ("because", "nothing", .sealBroken), ("\"seal\":1", "\"seal\":2", .sealMissing),
    ])
    func `what is changed in it is found`(old: String, new: String, code: AuditFault.Code) async throws {
        try await withArchive(upTo: .hours(1)) { path, _, _ in
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let range = try #require(text.range(of: old))
            try text.replacingCharacters(in: range, with: new).write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try AuditArchive.verify(path: path, digest: PlainSHA256()).fault?.code == code)
        }
    }

    @Test func `a file that was cut short is told from one that ends`() async throws {
        try await withArchive(upTo: .hours(1)) { path, _, _ in
            let text = try Data(contentsOf: URL(fileURLWithPath: path))
            for count in [text.count - 1, text.count / 2, 0] {
                try text.prefix(count).write(to: URL(fileURLWithPath: path))
                #expect(throws: StoreError.self) { try AuditArchive.verify(path: path, digest: PlainSHA256()) }
            }
        }
    }
}
