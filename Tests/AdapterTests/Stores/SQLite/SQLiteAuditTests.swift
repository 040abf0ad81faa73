import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import Testing

@Suite struct SQLiteAuditTests {
    /// A closed database with three sagas, six entries, two prints and five seals.
    private func history(anchored: Bool = false) async throws -> ScratchFolder {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock, anchored: anchored))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claims = try await hand.held(["SG-1", "SG-2", "SG-3"], under: lease)
        for round in 0..<3 {
            clock.advance(by: .seconds(1))
            let one = try await hand.append(to: "SG-1", claims[0])
            let other = try await hand.append(to: "SG-2", claims[1])
            var batch: [StoreOperation] = [.append(one), .append(other)]
            if round == 1 { batch.insert(.print(StoreHand.print("retry")), at: 1) }
            _ = try await store.commit(batch, under: lease)
        }
        clock.advance(by: .seconds(1))
        _ = try await store.commit([.print(StoreHand.print("resume"))], under: nil)
        await store.close()
        return folder
    }

    private func verify(_ folder: ScratchFolder, anchored: Bool = false) async throws -> AuditReport {
        let store = try await SQLiteStore.openForReading(folder.configuration(anchored: anchored))
        let report = try await store.verifyAudit()
        await store.close()
        return report
    }

    /// What the verification says after a script was run on a copy of the history.
    private func fault(
        in history: ScratchFolder, after script: String, anchored: Bool = false
    ) async throws -> AuditFault? {
        let copy = try ScratchFolder()
        try history.copyDatabase(to: copy)
        if anchored { try FileManager.default.copyItem(atPath: history.anchor, toPath: copy.anchor) }
        try copy.dropGuards()
        try copy.edit("PRAGMA foreign_keys = OFF; " + script)
        return try await verify(copy, anchored: anchored).fault
    }

    @Test func `an untouched history verifies and is counted`() async throws {
        let report = try await verify(try await history())
        #expect(report.fault == nil)
        let counts = [report.entries, report.prints, report.seals, report.sagas]
        let expected: [Int] = [6, 2, 4, 3]
        #expect(counts == expected)
        #expect(report.head.number == 4)
    }

    @Test(arguments: ["saga", "sequence", "stage", "refusals", "kind", "at"])
    func `a changed number in any entry is found at that entry`(_ column: String) async throws {
        let history = try await history()
        for number in 1...6 {
            let script = "UPDATE journal SET \(column) = \(column) + 100 WHERE number = \(number)"
            let fault = try await fault(in: history, after: script)
            #expect(fault?.number == Int64(number), "\(script): \(String(describing: fault))")
            #expect(fault?.code == .entryAltered || fault?.code == .entryMissing)
        }
    }

    @Test func `any changed byte of an entry's body or link is found at that entry`() async throws {
        let history = try await history()
        for (column, length) in [("body", 7), ("link", 32)] {
            for index in 1...length {
                let number = index % 6 + 1
                let script = """
                    UPDATE journal SET \(column) = CAST(substr(\(column), 1, \(index - 1)) AS BLOB)
                        || CAST(char((unicode(substr(CAST(\(column) AS TEXT), 1, 1)) + 1) % 127) AS BLOB)
                        || substr(\(column), \(index + 1)) WHERE number = \(number)
                    """
                let blob = script.replacingOccurrences(of: "SET \(column) = ", with: "SET \(column) = CAST(")
                    .replacingOccurrences(of: " WHERE", with: " AS BLOB) WHERE")
                let fault = try await fault(in: history, after: blob)
                #expect(fault?.number == Int64(number), "byte \(index) of \(column): \(String(describing: fault))")
                #expect(fault?.code == .entryAltered)
            }
        }
    }

    @Test func `the first of several faults is named with its saga and its place`() async throws {
        let history = try await history()
        let fault = try await fault(
            in: history, after: "UPDATE journal SET refusals = 9 WHERE number IN (3, 6)")
        #expect(fault?.description == "audit.entryAltered saga SG-1 entry 2 number 3")
    }

    @Test(arguments: [
        "DELETE FROM journal WHERE number = 2",
        "DELETE FROM journal WHERE number = 6",
        "UPDATE journal SET number = 99 WHERE number = 1; UPDATE journal SET number = 1 WHERE number = 2; "
            + "UPDATE journal SET number = 2 WHERE number = 99",
        "UPDATE journal SET body = x'00', link = zeroblob(32) WHERE number = 4",
        "DELETE FROM seal WHERE number = 2",
        "DELETE FROM seal WHERE number = 4",
        "UPDATE seal SET at = at + 1 WHERE number = 3",
        "UPDATE seal SET link = zeroblob(32) WHERE number = 1",
        "UPDATE seal SET entry = entry - 1 WHERE number = 2",
        "UPDATE seal SET print = 0 WHERE number = 2",
        "DELETE FROM print WHERE number = 1",
        "UPDATE print SET print = replace(print, 'because', 'becauze') WHERE number = 1",
        "UPDATE print SET at = at + 1 WHERE number = 2",
        "UPDATE print SET after = after + 1 WHERE number = 1",
        "UPDATE saga SET input = x'7b207d' WHERE id = 'SG-1'",
        "UPDATE saga SET id = 'SG-9' WHERE id = 'SG-2'",
        "UPDATE flow SET version = 2",
        "UPDATE progress SET head = zeroblob(32) WHERE number = 2",
        "UPDATE progress SET sequence = 2 WHERE number = 2",
        "UPDATE saga SET input = x'7b207d' WHERE id = 'SG-3'",
        "INSERT INTO journal SELECT 7, saga, sequence + 1, stage, refusals, kind, at, body, link FROM journal "
            + "WHERE number = 5",
        "UPDATE name SET text = 'refund' WHERE text = 'fund'",
        "UPDATE journal SET link = zeroblob(31) WHERE number = 3",
        "UPDATE journal SET link = x'' WHERE number = 6",
        "UPDATE seal SET link = CAST(link || x'00' AS BLOB) WHERE number = 4",
        "UPDATE progress SET head = CAST(head || x'00' AS BLOB) WHERE number = 2",
        "DELETE FROM progress WHERE number = 2",
    ])
    func `tampering is found`(_ script: String) async throws {
        #expect(try await fault(in: try await history(), after: script) != nil)
    }

    @Test func `a history with evidence and an end holds`() async throws {
        let folder = try ScratchFolder()
        let store = try await SQLiteStore.open(folder.configuration())
        try await EvidencedHistory.write(to: store)
        let report = try await store.verifyAudit()
        #expect(report.fault == nil && report.sagas == 2 && report.entries == 3)
        await store.close()
    }

    @Test(
        arguments: EvidencedHistory.forgeries + [
            ("UPDATE progress SET status = 1, output = NULL WHERE status = 5", AuditFault.Code.rowAltered)
        ])
    func `what a row or the inbox says otherwise than the journal is found`(
        change: String, code: AuditFault.Code
    ) async throws {
        let folder = try ScratchFolder()
        let store = try await SQLiteStore.open(folder.configuration())
        try await EvidencedHistory.write(to: store)
        await store.close()
        try folder.edit(change.replacing("finished", with: "progress").replacing("bytea", with: "BLOB"))
        let fault = try #require(try await verify(folder).fault)
        #expect(fault.code == code, "\(change)")
        #expect(fault.saga == (change.contains("'n2'") || change.contains("status = 2") ? "SG-2" : "SG-1"))
    }

    @Test func `a whole tail that is cut off is found by the anchor`() async throws {
        let history = try await history(anchored: true)
        let cut = """
            DELETE FROM seal WHERE number > 2; DELETE FROM journal WHERE number > 4;
            DELETE FROM print WHERE number > 1;
            UPDATE progress SET sequence = 2,
                head = (SELECT link FROM journal WHERE saga = progress.number AND sequence = 2)
                WHERE sequence = 3;
            """
        #expect(try await fault(in: history, after: cut) == nil)
        #expect(try await fault(in: history, after: cut, anchored: true)?.code == .olderThanAnchor)
    }

    @Test func `a database that is older than its anchor opens only as a new life`() async throws {
        let folder = try ScratchFolder()
        let backup = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock, anchored: true))
        _ = try await store.commit([.print(StoreHand.print("retry"))], under: nil)
        try folder.copyDatabase(to: backup)
        _ = try await store.commit([.print(StoreHand.print("resume"))], under: nil)
        await store.close()
        #expect(try AuditAnchor.read(from: folder.anchor)?.seal == 2)
        try FileManager.default.removeItem(atPath: folder.database)
        try backup.copyDatabase(to: folder)

        await #expect { _ = try await SQLiteStore.open(folder.configuration(clock: clock, anchored: true)) } throws: {
            let error = $0 as? StoreError
            return error?.code == .misuse && error?.detail.contains("--after-restore") == true
        }
        clock.advance(by: .hours(1))
        let restored = try await SQLiteStore.open(
            folder.configuration(clock: clock, anchored: true, afterRestore: true))
        #expect(try await restored.incarnation() == Incarnation(number: 1, since: clock.now()))
        #expect(try AuditAnchor.read(from: folder.anchor)?.seal == 1)
        #expect(try await restored.verifyAudit().fault == nil)
        await restored.close()
        let again = try await SQLiteStore.open(folder.configuration(clock: clock, anchored: true))
        #expect(try await again.incarnation().number == 1)
        await again.close()
    }

    @Test func `an old copy verifies up to its end and is said to be older than its anchor`() async throws {
        let folder = try await history(anchored: true)
        let copy = try ScratchFolder()
        try folder.copyDatabase(to: copy)
        try FileManager.default.copyItem(atPath: folder.anchor, toPath: copy.anchor)
        let clock = SimulatedClock()
        clock.advance(by: .hours(1))
        let store = try await SQLiteStore.open(folder.configuration(clock: clock, anchored: true))
        _ = try await store.commit([.print(StoreHand.print("retry"))], under: nil)
        await store.close()
        try FileManager.default.removeItem(atPath: copy.anchor)
        try FileManager.default.copyItem(atPath: folder.anchor, toPath: copy.anchor)

        let report = try await verify(copy, anchored: true)
        #expect(report.fault?.code == .olderThanAnchor && report.fault?.number == 5)
        #expect(report.head.number == 4)
        #expect(report.sagas == 3, "the rows are looked at all the same")
        try copy.dropGuards()
        try copy.edit("UPDATE progress SET head = zeroblob(32) WHERE number = 2")
        #expect(try await verify(copy, anchored: true).fault?.code == .rowAltered, "a broken chain is worse")
    }

    @Test(arguments: [false, true])
    func `a database that is gone while its anchor stands is not made anew`(_ isEmptied: Bool) async throws {
        let folder = try await history(anchored: true)
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: folder.database + suffix) {
            try FileManager.default.removeItem(atPath: folder.database + suffix)
        }
        if isEmptied { try Data().write(to: URL(filePath: folder.database)) }
        for afterRestore in [false, true] {
            let configuration = folder.configuration(anchored: true, afterRestore: afterRestore)
            await #expect { _ = try await SQLiteStore.open(configuration) } throws: {
                let words = ($0 as? StoreError)?.detail ?? ""
                return words.contains("is gone") && words.contains(folder.anchor) && words.contains("restoring.md")
            }
            await #expect { _ = try await SQLiteStore.migrate(configuration) } throws: {
                ($0 as? StoreError)?.detail.contains("is gone") == true
            }
            await #expect { _ = try await SQLiteStore.openForReading(configuration) } throws: {
                ($0 as? StoreError)?.detail.contains("is gone") == true
            }
        }
        #expect(FileManager.default.fileExists(atPath: folder.database) == isEmptied, "being refused makes nothing")
        #expect(try AuditAnchor.read(from: folder.anchor)?.seal == 4)
    }

    @Test func `a database whose anchor is lost opens only as a new life`() async throws {
        let folder = try await history(anchored: true)
        try FileManager.default.removeItem(atPath: folder.anchor)
        await #expect { _ = try await SQLiteStore.open(folder.configuration(anchored: true)) } throws: {
            ($0 as? StoreError)?.code == .misuse
        }
        #expect(!FileManager.default.fileExists(atPath: folder.anchor), "being refused changes nothing")
        let store = try await SQLiteStore.open(folder.configuration(anchored: true, afterRestore: true))
        await store.close()
        #expect(try AuditAnchor.read(from: folder.anchor) != nil)
    }

    @Test func `another history under the anchored number is refused, and so is another store`() async throws {
        let folder = try await history(anchored: true)
        let other = try await history()
        try FileManager.default.copyItem(atPath: folder.anchor, toPath: other.anchor)
        await #expect { _ = try await SQLiteStore.open(other.configuration(anchored: true)) } throws: {
            ($0 as? StoreError)?.detail.contains("another store") == true
        }
        try folder.dropGuards()
        try folder.edit("UPDATE seal SET link = zeroblob(32) WHERE number = 4")
        await #expect { _ = try await SQLiteStore.open(folder.configuration(anchored: true)) } throws: {
            ($0 as? StoreError)?.detail.contains("history differs") == true
        }
    }
}
