import SagaEngine
import SagaTestKit
import Testing

@Suite struct MemoryStoreTests {
    /// Writes a value and a line for every record, and breaks a rule when its body is empty.
    private struct Scribe: RecordHandler {
        let kind = "scribe"

        func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
            try books.set(record.body, for: "last", in: "value")
            try books.append(record.body, to: "lines", key: "last", cause: cause)
            if record.body.isEmpty { throw RecordViolation(code: "empty", message: "an empty record") }
        }
    }

    @Test func `the books show what records wrote and nothing of what was undone`() async throws {
        let digest = PlainSHA256()
        let store = MemoryStore(clock: SimulatedClock(), digest: digest, handlers: [Scribe()])
        let id = try #require(SagaID(rawValue: "SG-1"))
        let flow = FlowID(name: "settlement", version: 1)
        let genesis = ChainLink.genesis(of: id, flow: flow, input: [], by: digest)
        let seed = NewSaga(id: id, flow: flow, input: [], genesis: genesis)
        let cause = RecordCause(saga: id, stage: StageName(rawValue: "post"), at: store.clock.now())
        let operations = [[1], [2], []].map { (body: [UInt8]) in
            StoreOperation.append(
                Append(
                    saga: 1, right: .version(0), entries: [], disposition: .release,
                    standing: Standing(status: .running),
                    records: [CausedRecord(record: Record(kind: "scribe", body: body), cause: cause)]))
        }
        let results = try await store.commit([.submit(seed)] + operations, under: nil)
        guard case .violated(let violation) = results[3] else {
            Issue.record("the empty record was accepted: \(results[3])")
            return
        }
        #expect(violation.code == "empty")
        #expect(store.books.value(of: "last", in: "value") == [2])
        #expect(store.books.log("lines").map(\.body) == [[1], [2]])
        #expect(store.books.log("lines").map(\.cause) == [cause, cause])
        #expect(store.books.keys == [MemoryBooks.Key(space: "value", key: "last")])
    }

    @Test func `a thousand sagas of an unknown flow do not stand in the way of one that is known`() async throws {
        let digest = PlainSHA256()
        let store = MemoryStore(clock: SimulatedClock(), digest: digest)
        let known = FlowID(name: "known", version: 1)
        let batch = try (0...1_000).map { number in
            let id = try #require(SagaID(rawValue: "SG-\(number)"))
            let flow = number == 1_000 ? known : FlowID(name: "unknown", version: 1)
            return StoreOperation.submit(NewSaga(id: id, flow: flow, input: [], genesis: StoreSeal.origin))
        }
        _ = try await store.commit(batch, under: nil)
        let granted = try await store.commit(
            [.lease(LeaseRequest(runner: RunnerID("r1"), length: .seconds(1)))], under: nil)
        guard case .leased(let lease)? = granted.first else {
            Issue.record("no lease: \(granted)")
            return
        }
        let results = try await store.commit([.claim(ClaimRequest(limit: 5, flows: [known]))], under: lease)
        guard case .claimed(let claims)? = results.first else {
            Issue.record("no claim: \(results)")
            return
        }
        #expect(claims == [Claim(number: 1_001, fence: 1)])
    }
}
