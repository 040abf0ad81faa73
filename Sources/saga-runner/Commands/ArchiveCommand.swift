internal import Adapters
internal import Foundation
internal import SagaEngine

/// `saga-runner audit archive`: copies what is older than the retention into a file that can be verified by itself.
enum ArchiveCommand {
    static let command = Command.declared(
        "audit archive", .care, "Copies what is older than the retention into a file that verifies by itself",
        options: [
            .value("--out", "FILE", "the file, which must not be there yet"),
            .value(
                "--until", "MOMENT", "the last seal's moment, as 2031-01-01T00:00:00Z (before store.retention_years)"),
            .config,
        ],
        details: """
            Everything that was sealed until then is verified and written, one JSON document a line: entries with their
            bodies, operators' prints, seals. The file is then read again and verified by itself. Nothing is taken out
            of the database. For PostgreSQL; a SQLite database is one file, which is copied. It speaks to the database, not
            to a daemon, and disturbs none.
            """,
        examples: ["saga-runner audit archive --out 2026.ndjson --until 2027-01-01T00:00:00Z"]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let path = try invocation.required("--out")
        let place = try await Door.find(invocation).store()
        guard case .postgres(let database) = place.place, let store = try await StoreChoice.openShared(place) else {
            throw CommandFailure(.refused, "a SQLite store is one file: copy it (docs/operating/restoring.md)")
        }
        do {
            let until = try moment(invocation["--until"], database)
            guard !FileManager.default.fileExists(atPath: path) else {
                throw CommandFailure(.refused, "\(path) is there already: nothing is written over")
            }
            let file = try NewFile(path: path)
            let written = try await store.archive(upTo: until) { try await file.write($0) }
            await store.close()
            try await tell(written, of: path, until, invocation)
        } catch {
            await store.close()
            throw error
        }
    }

    private static func moment(_ text: String?, _ place: StorePlace.PostgresPlace) throws -> Timestamp {
        guard let text else { return place.retained(at: SystemClock().now()) }
        guard let moment = Timestamp(rfc3339: text) else {
            throw UsageError("--until must be a moment such as 2031-01-01T00:00:00Z")
        }
        return moment
    }

    private static func tell(
        _ written: AuditReport, of path: String, _ until: Timestamp, _ invocation: Invocation
    ) async throws {
        let read = try AuditArchive.verify(path: path, digest: SHA256Digest())
        guard written.fault != nil || read == written else {
            throw CommandFailure(.failed, "\(path) does not read as it was written: remove it, and look at the disk")
        }
        let answer = Answer(
            data: .fields(
                ("file", .string(path)), ("until", .time(until)),
                ("audit", AuditRoutes.report(written, anchor: .unanchored))))
        let words =
            "\(path): \(AuditWords.counts(entries: written.entries, prints: written.prints, seals: written.seals)) until "
            + "\(until.rfc3339); the last is \(written.head.number), \(written.head.link)\n"
        try await invocation.console.write(invocation.wantsJSON ? answer.document : words)
        guard let fault = written.fault else { return }
        throw CommandFailure(.failed, "the chain is broken, and archived up to there: \(AuditWords.sentence(fault))")
    }
}
