import Foundation
import SagaEngine
import Testing

/// What released versions have written stays readable: their journals, replayed with today's code.
@Suite(.timeLimit(.minutes(5))) struct GoldenJournalTests {
    @Test(arguments: JournalScenario.allCases)
    func `today's version of the flow has a journal of every scenario`(scenario: JournalScenario) async throws {
        let golden = scenario.golden
        if !golden.exists, ProcessInfo.processInfo.environment["SAGA_RECORD_JOURNALS"] == "yes" {
            try golden.write(try await scenario.record())
        }
        #expect(golden.exists, "there is no journal of \(golden.testDescription): run scripts/record-journals")
    }

    @Test func `a recorded journal is never overwritten, and reads as it was written`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "journals-\(UUID().uuidString)")
        let copy = GoldenJournal(flow: "copy@1", scenario: "settled", folder: folder)
        let run = try JournalScenario.settled.golden.read()
        try copy.write(run)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
        }
        #expect(throws: (any Error).self) { try copy.write([]) }
        #expect(try copy.read() == run)
        #expect(try Data(contentsOf: copy.file) == Data(contentsOf: JournalScenario.settled.golden.file))
    }

    @Test(arguments: try GoldenJournal.all())
    func `every saga of a recorded run comes to its recorded end from its journal alone`(
        golden: GoldenJournal
    ) async throws {
        let run = try golden.read()
        #expect(!run.isEmpty && run.allSatisfy { $0.head.status.isTerminal })
        for saga in run {
            let outcome = try await JournalReplay(saga, among: run).outcome()
            #expect(outcome.calls.isEmpty, "\(saga.head.saga) calls")
            let append = try #require(outcome.appends.first)
            #expect(outcome.appends.count == 1, "\(saga.head.saga) writes before its end")
            // The same content, the same link: the end that was recorded, and nothing besides.
            #expect(append.entries == saga.journal.suffix(1), "\(saga.head.saga) ends otherwise")
            #expect(append.disposition == .end(output: Array(saga.head.output.utf8)))
            #expect(
                append.standing
                    == Standing(
                        status: saga.head.status, exposures: saga.head.exposures, pivoted: saga.head.pivoted))
            #expect(append.records.isEmpty && append.expectations.isEmpty && append.spawn == nil)
        }
    }

    @Test(arguments: try GoldenJournal.all())
    func `every link of a recorded journal is today's`(golden: GoldenJournal) throws {
        for saga in try golden.read() {
            #expect(saga.firstBadLink(by: JournalReplay.digest) == nil, "in \(saga.head.saga)")
        }
    }

    @Test func `an entry that was changed breaks its link`() throws {
        let run = try JournalScenario.settled.golden.read()
        var saga = try #require(run.first)
        let entry = saga.entries[2]
        saga.entries[2] = RecordedSaga.Entry(
            sequence: entry.sequence, kind: entry.kind, stage: entry.stage, refusals: entry.refusals,
            at: Timestamp(milliseconds: entry.at.milliseconds + 1), body: entry.body, link: entry.link)
        #expect(saga.firstBadLink(by: JournalReplay.digest) == 3)
    }

    @Test func `a journal that today's flow would have sent otherwise ends in front of a person`() async throws {
        let run = try JournalScenario.settled.golden.read()
        var saga = try #require(run.first { $0.head.saga.rawValue.hasSuffix("/fund/INV-1") })
        let index = try #require(
            saga.entries.firstIndex { $0.kind == EntryKind.intent.rawValue && $0.stage.rawValue == "transfer" })
        let entry = saga.entries[index]
        // The payable money was 12,600.00.
        let lines = entry.body.replacing("12600.00", with: "12600.01")
        #expect(lines != entry.body)
        saga.entries[index] = RecordedSaga.Entry(
            sequence: entry.sequence, kind: entry.kind, stage: entry.stage, refusals: entry.refusals, at: entry.at,
            body: lines, link: entry.link)
        let outcome = try await JournalReplay(saga, among: run).outcome()
        #expect(outcome.calls.isEmpty)
        #expect(outcome.appends.first?.entries.map(\.kind) == [.stuck])
        #expect(outcome.appends.first?.standing.status == .stuck)
    }
}
