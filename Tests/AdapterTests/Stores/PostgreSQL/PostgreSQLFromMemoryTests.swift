import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// What a process takes from its memory, against what another one has done to the same rows meanwhile.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLFromMemoryTests {
    /// Two processes, and a saga that the first one has put to sleep until it hears about `ref-1`.
    private struct Stage {
        let one: PostgresStore
        let other: PostgresStore
        let hand: StoreHand
        let lease: Lease
        let otherLease: Lease
        let claim: Claim

        func keep(
            _ id: String, by store: PostgresStore, _ verdict: Notice.Verdict = .settled,
            quarantine: NewNotice.Quarantine? = nil
        ) async throws -> StoreResult? {
            let notice = Notice(
                source: "custodian", id: id, claim: Notice.Claim(reference: "ref-1", verdict: verdict, facts: [:]),
                body: Array("{}".utf8), headers: "")
            let new = NewNotice(notice: notice, quarantine: quarantine)
            return try await store.commit([.notice(new)], under: nil).first
        }

        func claim(by store: PostgresStore, under lease: Lease) async throws -> Claim {
            store.link.floors.lower(to: ClaimFloors.bottom)
            let request = ClaimRequest(limit: 1, flows: [StoreHand.flow])
            guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
                throw LawBroken("nothing claimed")
            }
            return try #require(claims.first)
        }

        func append(
            _ claim: Claim, by store: PostgresStore, under lease: Lease, count: Int = 1, _ disposition: Disposition,
            _ change: (inout Append) -> Void = { _ in }
        ) async throws -> StoreResult? {
            var append = try await hand.append(to: "S-1", claim, count: count, disposition)
            change(&append)
            return try await store.commit([.append(append)], under: lease).first
        }

        /// Claims the saga by the first process and reads it back.
        func takeUp() async throws -> LoadedSaga {
            let claim = try await claim(by: one, under: lease)
            return try #require(try await one.load([claim]).first)
        }
    }

    private static func withStage(
        handlers: [any RecordHandler] = [], asleep: Bool = true, _ body: (Stage) async throws -> Void
    ) async throws {
        try await ScratchSchema.withRivals(handlers: handlers) { one, other, clock, _ in
            let hand = StoreHand(store: one, clock: clock)
            let lease = try await hand.lease("r1")
            let stage = Stage(
                one: one, other: other, hand: hand, lease: lease, otherLease: try await hand.lease("r2"),
                claim: try #require(try await hand.held(["S-1"], under: lease).first))
            let key = IdempotencyKey(saga: try hand.id("S-1"), stage: StageName(rawValue: "fund"), refusals: 0)
            let first = try await stage.append(
                stage.claim, by: one, under: lease, asleep ? .sleep(Wake(onNotice: true)) : .carryOn
            ) { $0.expectations = [Expectation(source: "custodian", reference: "ref-1", key: key)] }
            #expect("\(String(describing: first))".contains("appended"))
            try await body(stage)
        }
    }

    @Test func `a saga that another process has woken and holds is not taken to be asleep`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1", by: stage.other)
            let theirs = try await stage.claim(by: stage.other, under: stage.otherLease)
            let result = try await stage.keep("n-2", by: stage.one)
            guard case .noticed(_, .fresh, _) = result else {
                Issue.record("\(String(describing: result))")
                return
            }
            let carriedOn = try await stage.append(theirs, by: stage.other, under: stage.otherLease, .carryOn)
            guard case .appended(held: true) = carriedOn else {
                Issue.record("its holder has lost it: \(String(describing: carriedOn))")
                return
            }
        }
    }

    @Test func `a notice that another process has put into quarantine is let out, not kept twice`() async throws {
        try await Self.withStage { stage in
            let kept = try await stage.keep(
                "n-1", by: stage.other, quarantine: .unknownKey)
            guard case .noticed(let number, .quarantined, _) = kept else {
                Issue.record("\(String(describing: kept))")
                return
            }
            let verified = try await stage.keep("n-1", by: stage.one)
            guard case .noticed(number, .fresh, _) = verified else {
                Issue.record("\(String(describing: verified))")
                return
            }
            #expect(try await stage.one.notices(NoticeQuery()).count == 1)
        }
    }

    @Test func `a notice that contradicts what a stage has taken is never taken for the first`() async throws {
        try await Self.withStage(asleep: false) { stage in
            guard case .noticed(let number, .fresh, _) = try await stage.keep("n-1", by: stage.other) else {
                Issue.record("the first notice is not fresh")
                return
            }
            _ = try await stage.append(
                stage.claim, by: stage.one, under: stage.lease, .sleep(Wake(onNotice: true))
            ) { append in
                append.notices = [NoticeUse(number: number, standing: .consumed)]
                append.noticesSeen = number
            }
            let second = try await stage.keep("n-2", by: stage.one, .refused(RefusalReason(code: "no", message: "no")))
            guard case .noticed(_, .conflicting, _) = second else {
                Issue.record("\(String(describing: second))")
                return
            }
        }
    }

    @Test func `what another process has kept for a sleeping saga is read when it is taken up`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1", by: stage.other)
            let loaded = try await stage.takeUp()
            #expect(loaded.notices.map(\.notice.id) == ["n-1"])
            #expect(loaded.journal.count == 1)
        }
    }

    @Test func `what another process has kept between two notices is read with them`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1", by: stage.one)
            _ = try await stage.keep("n-2", by: stage.other)
            _ = try await stage.keep("n-3", by: stage.one)
            #expect(try await stage.takeUp().notices.map(\.notice.id) == ["n-1", "n-2", "n-3"])
        }
    }

    /// A saga that ends looks at no notice that it was not shown.
    @Test func `what another process has kept for a saga that this one has woken is shown to it`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1", by: stage.one)
            _ = try await stage.keep("n-2", by: stage.other, .refused(RefusalReason(code: "no", message: "no")))
            #expect(try await stage.takeUp().notices.map(\.notice.id) == ["n-1", "n-2"])
        }
    }

    @Test func `what this process has kept for a saga that it has woken is remembered with the first`() async throws {
        try await Self.withStage { stage in
            for id in ["n-1", "n-2"] { _ = try await stage.keep(id, by: stage.one) }
            let claim = try await stage.claim(by: stage.one, under: stage.lease)
            let known = try stage.one.link.takenUp.load([claim], stage.one.link.journals, at: stage.one.clock.now())
            #expect((known.first ?? nil)?.notices.map(\.notice.id) == ["n-1", "n-2"])
        }
    }

    @Test func `a notice that was looked at and left is there again when the saga is taken up`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1", by: stage.one)
            let first = try await stage.takeUp()
            #expect(first.notices.map(\.notice.id) == ["n-1"])
            _ = try await stage.append(
                first.claim, by: stage.one, under: stage.lease, .sleep(Wake(onNotice: true))
            ) { $0.noticesSeen = first.lastNotice }
            _ = try await stage.keep("n-2", by: stage.one)
            #expect(try await stage.takeUp().notices.map(\.notice.id) == ["n-1", "n-2"])
        }
    }

    @Test func `what this process alone has done to a saga is not read back`() async throws {
        try await Self.withStage { stage in
            _ = try await stage.keep("n-1", by: stage.one)
            let claim = try await stage.claim(by: stage.one, under: stage.lease)
            // If it were read, nothing would be found.
            await stage.other.close()
            let known = try stage.one.link.takenUp.load([claim], stage.one.link.journals, at: stage.one.clock.now())
            let loaded = try #require(known.first ?? nil)
            #expect(loaded.notices.map(\.notice.id) == ["n-1"])
            #expect(loaded.journal.count == 1 && loaded.row.sequence == 1)
            let read = try #require(try await stage.one.load([claim]).first)
            #expect(read.row == loaded.row && read.notices == loaded.notices && read.journal == loaded.journal)
            #expect(read.lastNotice == loaded.lastNotice)
        }
    }

    /// Refuses what goes beyond a limit that it does not write itself.
    private struct LimitHandler: RecordHandler {
        let kind = "limited"

        func reads(_ record: Record) -> [(space: String, key: String)] {
            [(space: "limits", key: "limit"), (space: "limits", key: "sum")]
        }

        func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
            if record.body.first == 0 { return try books.set(record.body, for: "limit", in: "limits") }
            let limit = try books.value(of: "limit", in: "limits") ?? [0, 9]
            let sum = try books.value(of: "sum", in: "limits") ?? [0]
            guard sum[0] + record.body[0] <= limit[1] else { throw RecordViolation(code: "limit", message: "reached") }
            try books.set([sum[0] + record.body[0]], for: "sum", in: "limits")
        }
    }

    private static func post(_ bytes: [UInt8], _ saga: SagaID) -> (inout Append) -> Void {
        { append in
            let cause = RecordCause(saga: saga, stage: StageName(rawValue: "post"), at: Timestamp(milliseconds: 1))
            append.records = [CausedRecord(record: Record(kind: "limited", body: bytes), cause: cause)]
        }
    }

    @Test func `a value of the books that another process has changed decides, also where it is only read`()
        async throws
    {
        try await Self.withStage(handlers: [LimitHandler()], asleep: false) { stage in
            let id = try stage.hand.id("S-1")
            _ = try await stage.append(stage.claim, by: stage.one, under: stage.lease, .carryOn, Self.post([0, 9], id))
            _ = try await stage.append(stage.claim, by: stage.one, under: stage.lease, .carryOn, Self.post([1], id))
            let theirs = try #require(
                try await StoreHand(store: stage.other, clock: stage.hand.clock).held(["S-2"], under: stage.otherLease)
                    .first)
            var lower = try await stage.hand.append(to: "S-2", theirs)
            Self.post([0, 1], try stage.hand.id("S-2"))(&lower)
            _ = try await stage.other.commit([.append(lower)], under: stage.otherLease)
            let result = try await stage.append(
                stage.claim, by: stage.one, under: stage.lease, .carryOn, Self.post([1], id))
            guard case .violated = result else {
                Issue.record("by a limit that counts no more: \(String(describing: result))")
                return
            }
        }
    }

    @Test func `an append that its records refuse is fenced when the saga was lost before`() async throws {
        try await Self.withStage(handlers: [LimitHandler()], asleep: false) { stage in
            stage.hand.clock.advance(by: .hours(2))
            let sequence = try #require(try await stage.other.row(of: try stage.hand.id("S-1"))).sequence
            let told = Append(
                saga: stage.claim.number, right: .version(sequence), entries: [], disposition: .sleep(Wake()),
                standing: Standing(status: .waiting))
            _ = try await stage.other.commit([.append(told)], under: nil)
            let result = try await stage.append(
                stage.claim, by: stage.one, under: stage.lease, .carryOn, Self.post([99], try stage.hand.id("S-1")))
            guard case .fenced = result else {
                Issue.record("\(String(describing: result))")
                return
            }
        }
    }

    /// One value a key, set once; a record of two bytes only looks whether it is there.
    private struct OnceHandler: RecordHandler {
        let kind = "limited"

        func reads(_ record: Record) -> [(space: String, key: String)] { [("once", "\(record.body[0])")] }

        func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
            let key = "\(record.body[0])"
            guard try books.value(of: key, in: "once") == nil else {
                throw RecordViolation(code: "once", message: "\(key) is there")
            }
            if record.body.count == 1 { try books.set(record.body, for: key, in: "once") }
        }
    }

    @Test(arguments: [[UInt8(200)], [200, 0]])
    func `a value that is taken to be new decides when another process has made it`(_ record: [UInt8]) async throws {
        try await Self.withStage(handlers: [OnceHandler()], asleep: false) { stage in
            let id = try stage.hand.id("S-1")
            for key in 0..<UInt8(2 * NewValues.firstRun) {
                let result = try await stage.append(
                    stage.claim, by: stage.one, under: stage.lease, .carryOn, Self.post([key], id))
                #expect("\(String(describing: result))".contains("appended"))
            }
            let theirs = try #require(
                try await StoreHand(store: stage.other, clock: stage.hand.clock).held(["S-2"], under: stage.otherLease)
                    .first)
            var first = try await stage.hand.append(to: "S-2", theirs)
            Self.post([200], try stage.hand.id("S-2"))(&first)
            _ = try await stage.other.commit([.append(first)], under: stage.otherLease)
            let result = try await stage.append(
                stage.claim, by: stage.one, under: stage.lease, .carryOn, Self.post(record, id))
            guard case .violated = result else {
                Issue.record("it was there: \(String(describing: result))")
                return
            }
        }
    }
}
