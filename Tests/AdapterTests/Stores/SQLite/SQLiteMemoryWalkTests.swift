import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Sagas are started, carried on, told things and claimed at random, and each one that is offered from memory is held
/// against the one that is read.
@Suite struct SQLiteMemoryWalkTests {
    @Test(arguments: 1...5 as ClosedRange<UInt64>) func `what is offered is what is read`(seed: UInt64) async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        var walk = Walk(
            store: store, hand: StoreHand(store: store, clock: clock), entropy: SeededEntropy(seed: seed),
            lease: try await StoreHand(store: store, clock: clock).lease(for: .hours(1_000)))
        for _ in 0..<2_000 { try await walk.step() }
        #expect(try await store.verifyAudit(.chain).fault == nil)
        await store.close()
        // What never happened was not compared.
        let counts = (walk.offers, walk.withJournal, walk.withNotices, walk.withOthersDecided, walk.read)
        #expect(walk.offers > 100 && walk.withJournal > 50 && walk.withNotices > 25, "\(counts)")
        #expect(walk.withOthersDecided > 5 && walk.read > 50, "\(counts)")
    }

    private struct Walk {
        let store: SQLiteStore
        let hand: StoreHand
        let entropy: SeededEntropy
        let lease: Lease
        var started = 0
        var notices = 0
        var held: [LoadedSaga] = []
        var unloaded: [Claim] = []
        var expected: [String] = []
        var (offers, withJournal, withNotices, withOthersDecided, read) = (0, 0, 0, 0, 0)

        init(store: SQLiteStore, hand: StoreHand, entropy: SeededEntropy, lease: Lease) {
            (self.store, self.hand, self.entropy, self.lease) = (store, hand, entropy, lease)
        }

        private func below(_ limit: Int) -> Int { Int(entropy.next() % UInt64(limit)) }

        mutating func step() async throws {
            hand.clock.advance(by: .milliseconds(Int64(below(40))))
            switch below(100) {
            case 0..<12:
                started += 1
                _ = try await store.commit([.submit(try hand.seed("S-\(started)"))], under: nil)
            case 12..<40: try await claim()
            case 40..<75: try await carryOn()
            case 75..<95: try await tell()
            default: try await act()
            }
            // Most are loaded when they are claimed, others when more has happened to them.
            if below(3) > 0 { try await load() }
        }

        private mutating func claim() async throws {
            let request = ClaimRequest(limit: 1 + below(4), flows: [StoreHand.flow])
            guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
                throw LawBroken("nothing claimed")
            }
            unloaded.append(contentsOf: claims)
        }

        private mutating func load() async throws {
            for claim in unloaded {
                let offer = store.claimed.take([claim]).first ?? nil
                guard let read = try await store.runOnReader({ try $0.load(claim) }) else { continue }
                held.append(read)
                guard let offer else {
                    self.read += 1
                    continue
                }
                offers += 1
                if !offer.journal.isEmpty { withJournal += 1 }
                if !offer.notices.isEmpty { withNotices += 1 }
                if offer.lastNotice > offer.notices.last?.number ?? 0 { withOthersDecided += 1 }
                #expect(StoreComparison.words(offer) == StoreComparison.words(read))
            }
            unloaded = []
        }

        /// A saga in hands writes something, and most often lets go.
        private mutating func carryOn() async throws {
            guard !held.isEmpty else { return }
            let saga = held.remove(at: below(held.count))
            var append = Append(
                saga: saga.row.number, right: .claim(fence: saga.claim.fence),
                entries: StoreHand.entries(
                    after: saga.row.sequence, from: saga.row.head, count: below(3), at: hand.clock.now()),
                disposition: disposition(), standing: standing())
            if case .end = append.disposition { append.standing.status = .completed }
            if below(4) > 0 {
                let key = IdempotencyKey(
                    saga: saga.row.id, stage: StageName(rawValue: "fund"), refusals: below(40) / 39)
                let reference = "\(saga.row.id)/\(below(3))"
                expected.append(reference)
                append.expectations = [SagaEngine.Expectation(source: "custodian", reference: reference, key: key)]
            }
            append.notices = saga.notices.filter { _ in below(2) == 0 }.map {
                NoticeUse(number: $0.number, standing: [.consumed, .late, .mismatched][below(3)])
            }
            append.noticesSeen = saga.lastNotice
            if below(6) == 0 { append.spawn = try spawn(under: saga.row) }
            _ = try await store.commit([.append(append)], under: lease)
            // Who keeps it looks again.
            unloaded.append(saga.claim)
        }

        private func disposition() -> Disposition {
            switch below(10) {
            case 0: .carryOn
            case 1, 2: .release
            case 3: .sleep(Wake(at: hand.clock.now() + .milliseconds(Int64(below(200)))))
            case 4: .sleep(Wake(onNotice: true, onChildren: true))
            case 5 where below(4) == 0: .end(output: [])
            default: .sleep(Wake(onNotice: true))
            }
        }

        private func standing() -> Standing {
            Standing(
                status: [.running, .waiting, .stuck, .compensating][below(4)],
                predicament: below(2) == 0 ? [] : Array("{\"why\":\(below(9))}".utf8),
                exposures: (0..<below(3)).map { Exposure(asset: "A\($0)", amount: Int128(below(999)), decimals: 2) },
                pivoted: below(2) == 0)
        }

        private func spawn(under row: SagaRow) throws -> Spawn {
            let stage = StageName(rawValue: "fund")
            let children = try (0...below(3)).map { index in
                guard let element = ElementID(rawValue: "E\(index)") else { throw LawBroken("no element") }
                let child = try hand.seed(row.id.child(of: stage, element: element).rawValue)
                return Spawn.Child(element: element, saga: child)
            }
            return Spawn(stage: stage, children: children, pivoted: below(2) == 0)
        }

        /// A counterparty says something, now and then twice, too early, or under a key that nobody knows.
        private mutating func tell() async throws {
            if below(8) > 0 { notices += 1 }
            let verdict: Notice.Verdict =
                switch below(4) {
                case 0: .refused(RefusalReason(code: "no", message: "no"))
                case 1: .progress("SENT")
                default: .settled
                }
            var reference = "S-\(1 + below(max(1, started)))/\(below(3))"
            let recent = Array(expected.suffix(30))
            if !recent.isEmpty, below(8) > 0 { reference = recent[below(recent.count)] }
            let notice = Notice(
                source: "custodian", id: "n-\(notices)",
                claim: Notice.Claim(reference: reference, verdict: verdict, facts: [:]), body: Array("{}".utf8),
                headers: "h: \(below(5))")
            let new = NewNotice(notice: notice, quarantine: below(12) == 0 ? .unknownKey : nil)
            _ = try await store.commit([.notice(new)], under: nil)
        }

        /// A person writes into a journal or decides about a notice.
        private func act() async throws {
            guard started > 0, let row = try await store.row(of: try hand.id("S-\(1 + below(started))")) else { return }
            let standing: NoticeStanding = [.quarantined, .conflicting, .late, .mismatched, .orphan][below(5)]
            let kept = try await store.notices(NoticeQuery(standing: standing, limit: 5))
            if !kept.isEmpty, below(4) > 0 {
                let assignment = NoticeAssignment(number: kept[below(kept.count)].number, saga: row.id)
                _ = try await store.commit([.assign(assignment)], under: nil)
                return
            }
            let append = Append(
                saga: row.number, right: .version(row.sequence),
                entries: StoreHand.entries(after: row.sequence, from: row.head, count: 1, at: hand.clock.now()),
                disposition: below(2) == 0 ? .release : .sleep(Wake(onNotice: true)), standing: self.standing())
            _ = try await store.commit([.append(append)], under: nil)
        }
    }
}
