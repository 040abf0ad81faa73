import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Two stores on one database, as two processes have them.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped), .serialized)
struct PostgreSQLRivalsTests {
    /// `SAGA_TEST_SIZE=full` repeats each race more often.
    private static let rounds = ProcessInfo.processInfo.environment["SAGA_TEST_SIZE"] == "full" ? 60 : 15

    @Test func `a saga that goes to sleep while its notice comes is awake or claimable afterwards`() async throws {
        try await ScratchSchema.withRivals { one, other, clock, _ in
            let hand = StoreHand(store: one, clock: clock)
            for round in 0..<Self.rounds {
                let id = "S-\(round)"
                let lease = try await hand.lease()
                let claim = try #require(try await hand.held([id], under: lease).first)
                var intent = try await hand.append(to: id, claim)
                let key = IdempotencyKey(saga: try hand.id(id), stage: StageName(rawValue: "fund"), refusals: 0)
                intent.expectations = [Expectation(source: "custodian", reference: "ref-\(round)", key: key)]
                _ = try await one.commit([.append(intent)], under: lease)
                let sleep = try await hand.append(to: id, claim, count: 0, .sleep(Wake(onNotice: true)))
                let notice = Self.notice("n-\(round)", about: "ref-\(round)")
                async let slept = one.commit([.append(sleep)], under: lease)
                async let kept = other.commit([.notice(NewNotice(notice: notice))], under: nil)
                let (first, second) = try await (slept.first, kept.first)
                guard case .appended(let isHeld) = first, case .noticed(_, .fresh, _) = second else {
                    Issue.record("round \(round): \(String(describing: first)), \(String(describing: second))")
                    return
                }
                let wake = try await other.nextWake(for: [StoreHand.flow])
                #expect(isHeld || wake == clock.now(), "round \(round): asleep with a fresh notice")
                let claims = isHeld ? [claim] : try await Self.claim(1, on: one, under: lease)
                _ = try await one.commit([.append(Self.end(try #require(claims.first)))], under: lease)
            }
        }
    }

    @Test func `a notice that meets its expectation being written is fresh or adopted`() async throws {
        try await ScratchSchema.withRivals { one, other, clock, _ in
            let hand = StoreHand(store: one, clock: clock)
            for round in 0..<Self.rounds {
                let id = "S-\(round)"
                let lease = try await hand.lease()
                let claim = try #require(try await hand.held([id], under: lease).first)
                var intent = try await hand.append(to: id, claim)
                let key = IdempotencyKey(saga: try hand.id(id), stage: StageName(rawValue: "fund"), refusals: 0)
                intent.expectations = [Expectation(source: "custodian", reference: "ref-\(round)", key: key)]
                let notice = Self.notice("n-\(round)", about: "ref-\(round)")
                async let written = one.commit([.append(intent)], under: lease)
                async let kept = other.commit([.notice(NewNotice(notice: notice))], under: nil)
                _ = try await (written, kept)
                let orphans = try await one.notices(NoticeQuery(standing: .orphan))
                #expect(orphans.isEmpty, "round \(round): an orphan stays behind its expectation")
                _ = try await one.commit([.append(Self.end(claim))], under: lease)
            }
        }
    }

    @Test func `whichever child ends last, its parent wakes`() async throws {
        try await ScratchSchema.withRivals { one, other, clock, _ in
            let (hand, rival) = (StoreHand(store: one, clock: clock), StoreHand(store: other, clock: clock))
            let (lease, rivals) = (try await hand.lease("r1"), try await rival.lease("r2"))
            for round in 0..<Self.rounds {
                let id = "P-\(round)"
                let parent = try #require(try await hand.held([id], under: lease).first)
                var spawning = try await hand.append(to: id, parent)
                spawning.spawn = Spawn(
                    stage: StageName(rawValue: "fund"),
                    children: try ["A", "B"].map { name in
                        let element = try #require(ElementID(rawValue: name))
                        let child = try hand.id(id).child(of: StageName(rawValue: "fund"), element: element)
                        return Spawn.Child(element: element, saga: try hand.seed(child.rawValue))
                    }, pivoted: true)
                _ = try await one.commit([.append(spawning)], under: lease)
                let first = try await Self.claim(1, on: one, under: lease)
                let second = try await Self.claim(1, on: other, under: rivals)
                let sleep = try await hand.append(to: id, parent, count: 0, .sleep(Wake(onChildren: true)))
                async let slept = one.commit([.append(sleep)], under: lease)
                async let ended = one.commit([.append(Self.end(try #require(first.first)))], under: lease)
                async let endedToo = other.commit([.append(Self.end(try #require(second.first)))], under: rivals)
                let results = try await [slept.first, ended.first, endedToo.first]
                guard case .appended(let isHeld) = results[0] else {
                    Issue.record("round \(round): \(results)")
                    return
                }
                let wake = try await other.nextWake(for: [StoreHand.flow])
                #expect(isHeld || wake == clock.now(), "round \(round): all children have ended and nobody is told")
                #expect(try await one.row(of: try hand.id(id))?.openChildren == 0)
                let claims = isHeld ? [parent] : try await Self.claim(1, on: one, under: lease)
                _ = try await one.commit([.append(Self.end(try #require(claims.first)))], under: lease)
            }
        }
    }

    @Test func `what two claim at once is claimed once`() async throws {
        try await ScratchSchema.withRivals { one, other, clock, _ in
            let (hand, rival) = (StoreHand(store: one, clock: clock), StoreHand(store: other, clock: clock))
            let (lease, rivals) = (try await hand.lease("r1"), try await rival.lease("r2"))
            for round in 0..<Self.rounds {
                let ids = (0..<20).map { "S-\(round)-\($0)" }
                _ = try await one.commit(try ids.map { .submit(try hand.seed($0)) }, under: nil)
                async let mine = Self.claim(15, on: one, under: lease)
                async let theirs = Self.claim(15, on: other, under: rivals)
                let claims = try await mine + theirs
                let rest = try await Self.claim(20, on: one, under: lease)
                let numbers = (claims + rest).map(\.number)
                #expect(numbers.count == 20 && Set(numbers).count == 20, "round \(round): \(numbers.sorted())")
            }
        }
    }

    private static func claim(_ limit: Int, on store: PostgresStore, under lease: Lease) async throws -> [Claim] {
        let request = ClaimRequest(limit: limit, flows: [StoreHand.flow])
        guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
            throw LawBroken("no claims")
        }
        return claims
    }

    private static func end(_ claim: Claim) -> Append {
        Append(
            saga: claim.number, right: .claim(fence: claim.fence), entries: [], disposition: .end(output: [49]),
            standing: Standing(status: .completed))
    }

    private static func notice(_ id: String, about reference: String) -> Notice {
        Notice(
            source: "custodian", id: id, claim: Notice.Claim(reference: reference, verdict: .settled, facts: [:]),
            body: Array("{}".utf8), headers: "id: \(id)")
    }
}
