import SagaEngine
import Testing

@testable import saga_runner

@Suite struct BusyPatienceTests {
    private static let busy = (
        409, #"{"error":{"code":"action.busy","message":"a runner is working on A just now","request_id":"r"}}"#
    )
    private static let done = (200, #"{"data":{"id":"A","version":7}}"#)

    /// Resumes a saga that was looked at, by a daemon with one answer after the other.
    private func resume(
        answers: [(Int, String)]
    ) async throws -> (run: CommandLineRun, posts: [String], keys: [String], waits: [Int64]) {
        let bench = try await ClientBench(answers: answers)
        let run = try await bench.run(["resume", "A", "--seen", "6", "--reason", "mended"])
        try await bench.close()
        return (
            run, bench.requests.withLock { $0 }, bench.keys.withLock { $0 }, bench.clock.waits.withLock { $0 }
        )
    }

    @Test func `an action that meets a runner at work is tried again, the very same one`() async throws {
        let (run, posts, keys, waits) = try await resume(answers: [Self.busy, Self.busy, Self.done])
        #expect(run.status == 0 && run.output.hasPrefix("resume: A is at version 7\n"), "\(run.messages)")
        #expect(run.messages.isEmpty, "what is over within a second is nobody's business")
        #expect(posts.count == 3 && Set(posts).count == 1 && posts[0].contains(#"{"version":6,"reason":"mended"}"#))
        #expect(keys.count == 3 && Set(keys).count == 1)
        #expect(waits == [100, 300])
    }

    @Test func `after two seconds it is given up, and said so once one is over`() async throws {
        let (run, posts, _, waits) = try await resume(answers: [Self.busy])
        #expect(run.status == 4 && run.output.isEmpty)
        let lines = run.messages.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == "a runner is working on it; trying again")
        #expect(lines.last?.hasSuffix("a runner is working on A just now (action.busy)") == true)
        #expect(posts.count == BusyPatience.pauses.count + 1)
        #expect(waits.reduce(0, +) == 2_000)
    }

    @Test(arguments: ["action.stale", "action.state", "offering.busy", "idempotency.conflict"])
    func `no other refusal is tried again`(code: String) async throws {
        let refusal = (409, #"{"error":{"code":"\#(code)","message":"no","request_id":"r"}}"#)
        for answers in [[refusal, Self.done], [Self.busy, refusal, Self.done]] {
            let (run, posts, _, _) = try await resume(answers: answers)
            #expect(run.status == 4 && run.messages.contains("no (\(code))"))
            #expect(posts.count == answers.count - 1)
        }
    }
}
