import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// What a claimed saga is taken up with when nothing is read, against what is read.
@Suite struct SQLiteFromMemoryTests {
    /// A store, and a saga that sleeps until it hears about `ref-1`.
    private struct Stage {
        let store: SQLiteStore
        let hand: StoreHand
        let lease: Lease

        func keep(
            _ id: String, _ verdict: Notice.Verdict = .settled, about reference: String = "ref-1",
            quarantine: NewNotice.Quarantine? = nil, body: String = "{}"
        ) async throws -> StoreResult? {
            let notice = Notice(
                source: "custodian", id: id, claim: Notice.Claim(reference: reference, verdict: verdict, facts: [:]),
                body: Array(body.utf8), headers: "h: 1")
            return try await store.commit([.notice(NewNotice(notice: notice, quarantine: quarantine))], under: nil)
                .first
        }

        func claim() async throws -> Claim {
            let request = ClaimRequest(limit: 1, flows: [StoreHand.flow])
            guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
                throw LawBroken("nothing claimed")
            }
            return try #require(claims.first)
        }

        func append(
            _ claim: Claim, count: Int = 1, _ disposition: Disposition, _ change: (inout Append) -> Void = { _ in }
        ) async throws -> StoreResult? {
            var append = try await hand.append(to: "S-1", claim, count: count, disposition)
            change(&append)
            return try await store.commit([.append(append)], under: lease).first
        }

        func expectation(_ reference: String) throws -> SagaEngine.Expectation {
            SagaEngine.Expectation(
                source: "custodian", reference: reference,
                key: IdempotencyKey(saga: try hand.id("S-1"), stage: StageName(rawValue: "fund"), refusals: 0))
        }

        /// Claims the saga and takes it up, from memory or not as is expected, and reads it besides.
        func takeUp(fromMemory: Bool) async throws -> LoadedSaga {
            let claim = try await claim()
            let known = store.claimed.take([claim]).first ?? nil
            #expect((known != nil) == fromMemory)
            let read = try #require(try await store.runOnReader { try $0.load(claim) })
            let loaded = known ?? read
            #expect(loaded.claim == claim)
            #expect(loaded.row == read.row)
            #expect(loaded.journal == read.journal)
            #expect(loaded.notices == read.notices)
            #expect(loaded.firstLeftOut == read.firstLeftOut && loaded.lastNotice == read.lastNotice)
            return loaded
        }
    }

    private static func withStage(_ body: (Stage) async throws -> Void) async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let stage = Stage(store: store, hand: hand, lease: try await hand.lease())
        let claim = try #require(try await hand.held(["S-1"], under: stage.lease).first)
        let first = try await stage.append(claim, .sleep(Wake(onNotice: true))) { append in
            append.expectations = [try? stage.expectation("ref-1")].compactMap { $0 }
        }
        #expect("\(String(describing: first))".contains("appended"))
        do {
            try await body(stage)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    @Test func `what this process has started and carried on is not read back`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1")
            _ = try await stage.keep("n-2", .progress("SENT"))
            let loaded = try await stage.takeUp(fromMemory: true)
            #expect(loaded.notices.map(\.notice.id) == ["n-1", "n-2"] && loaded.journal.count == 1)
            _ = try await stage.append(loaded.claim, count: 2, .sleep(Wake(onNotice: true))) { append in
                append.notices = loaded.notices.map { NoticeUse(number: $0.number, standing: .consumed) }
                append.noticesSeen = loaded.lastNotice
                append.standing = Standing(
                    status: .waiting, exposures: [Exposure(asset: "AED", amount: 5, decimals: 2)], pivoted: true)
            }
            stage.hand.clock.advance(by: .seconds(1))
            _ = try await stage.keep("n-3", .progress("SENT"))
            let again = try await stage.takeUp(fromMemory: true)
            #expect(again.notices.map(\.notice.id) == ["n-3"] && again.journal.count == 3)
        }
    }

    @Test func `a saga that is loaded once more under its claim is read`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1")
            let loaded = try await stage.takeUp(fromMemory: true)
            _ = try await stage.keep("n-2", .progress("SENT"))
            let again = try #require(try await stage.store.load([loaded.claim]).first)
            #expect(again.notices.map(\.notice.id) == ["n-1", "n-2"])
        }
    }

    @Test func `what comes between the claim and its loading is loaded with it`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1")
            let claim = try await stage.claim()
            _ = try await stage.keep("n-2", .progress("SENT"))
            let loaded = try #require(try await stage.store.load([claim]).first)
            #expect(loaded.notices.map(\.notice.id) == ["n-1", "n-2"])
        }
    }

    @Test func `a claim that was lost is not loaded from memory`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1")
            let claim = try await stage.claim()
            _ = try await stage.store.commit([.release(stage.lease.runner)], under: nil)
            #expect(try await stage.store.load([claim]).isEmpty)
        }
    }

    @Test func `a notice that came before it was expected, or out of the quarantine, is read`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-0", about: "ref-2")
            _ = try await stage.keep("n-1", quarantine: .unknownKey)
            _ = try await stage.keep("n-2")
            let loaded = try await stage.takeUp(fromMemory: true)
            _ = try await stage.append(loaded.claim, .sleep(Wake(onNotice: true))) { append in
                append.expectations = [try? stage.expectation("ref-2")].compactMap { $0 }
                append.noticesSeen = loaded.lastNotice
            }
            _ = try await stage.append(loaded.claim, count: 0, .release)
            let adopted = try await stage.takeUp(fromMemory: false)
            #expect(adopted.notices.map(\.notice.id) == ["n-0", "n-2"])
            _ = try await stage.append(adopted.claim, .sleep(Wake(onNotice: true))) { $0.noticesSeen = 99 }
            _ = try await stage.keep("n-1")
            let verified = try await stage.takeUp(fromMemory: false)
            #expect(verified.notices.map(\.notice.id) == ["n-0", "n-1", "n-2"])
        }
    }

    @Test func `of a flood of notices no more are remembered than a saga is shown`() async throws {
        try await Self.withStage { stage in
            for number in 0..<NoticePage.limit { _ = try await stage.keep("n-\(number)", .progress("SENT")) }
            let shown = try await stage.takeUp(fromMemory: true)
            #expect(shown.notices.count == NoticePage.referenceLimit && shown.firstLeftOut != nil)
            _ = try await stage.append(shown.claim, .sleep(Wake(onNotice: true))) { $0.noticesSeen = shown.lastNotice }
            _ = try await stage.keep("n-last", .progress("SENT"))
            _ = try await stage.takeUp(fromMemory: false)
        }
    }

    @Test func `a notice that is bound to another saga is no longer counted as its own`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1")
            let other = try await stage.keep("n-1", .progress("SENT"), about: "ref-1", body: "{\"other\":1}")
            guard case .noticed(let number, .conflicting, _) = other else { throw LawBroken("not conflicting") }
            _ = try await stage.store.commit([.submit(try stage.hand.seed("S-2"))], under: nil)
            let assignment = NoticeAssignment(number: number, saga: try stage.hand.id("S-2"))
            _ = try await stage.store.commit([.assign(assignment)], under: nil)
            #expect(try await stage.takeUp(fromMemory: false).lastNotice < number)
        }
    }

    @Test func `a store that is closed loads nothing`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1")
            let claim = try await stage.claim()
            await stage.store.close()
            await #expect(throws: StoreError.self) { _ = try await stage.store.load([claim]) }
        }
    }

    @Test func `after a transaction that failed sagas are read`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1")
            let nonsense = Append(
                saga: 1, right: .version(1), entries: [], disposition: .carryOn, standing: Standing(status: .waiting),
                notices: [NoticeUse(number: 99, standing: .consumed)])
            await #expect(throws: StoreError.self) {
                _ = try await stage.store.commit([.append(nonsense)], under: nil)
            }
            #expect(try await stage.takeUp(fromMemory: false).notices.map(\.notice.id) == ["n-1"])
        }
    }

    @Test func `pasts take no more room than they are given`() throws {
        var known = KnownSagas(byteLimit: 40_000)
        var kept: [SagaPast] = []
        for number in 1...200 as ClosedRange<SagaNumber> {
            let id = try #require(SagaID(rawValue: "S-\(number)"))
            let new = NewSaga(id: id, flow: StoreHand.flow, input: Array(repeating: 0x20, count: 500), genesis: .cut)
            let past = SagaPast(
                of: new, number, under: nil, nil, Standing(status: .pending), at: Timestamp(milliseconds: 0))
            known.keep(WritableSaga(starting: past, flow: 1, under: nil, ready: 0))
            kept.append(past)
        }
        let bytes = kept.filter { known[$0.number] != nil }.reduce(0) { $0 + $1.byteCount }
        #expect(bytes <= 40_000 && bytes > 10_000)
    }
}
