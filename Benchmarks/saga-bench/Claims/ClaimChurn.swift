import Adapters
import SagaEngine

/// Sagas that are claimed, put to sleep, woken and claimed again, over and over, by one runner and one operation after
/// the other: what a claim takes is measured, and whatever it leaves behind for the next one is there.
///
/// Half of them sleep until a moment that has come, the other half until a notice, which is stored at once.
final class ClaimChurn {
    static let flow = FlowID(name: "bench-claims", version: 1)
    private static let stage = StageName(rawValue: "line")
    private static let runner = RunnerID("bench-claims")
    private static let leaseTime = Span.hours(4)

    let store: any ServiceStore
    private let batch: Int
    private var ids: [SagaNumber: SagaID] = [:]
    private var notices: [SagaNumber: Int64] = [:]
    /// Makes references that no earlier run has used.
    private let stamp: Int64
    private var round = 0

    /// Starts so many sagas, or finds those that an earlier run has started, and takes a lease.
    ///
    /// - Parameters:
    ///   - store: Where they live.
    ///   - sagas: How many there are.
    ///   - batch: How many one claim takes at most.
    /// - Throws: whatever the store does, and ``BenchFailure`` when a saga cannot be started.
    init(in store: any ServiceStore, sagas: Int, batch: Int) async throws {
        self.store = store
        self.batch = batch
        stamp = store.clock.now().milliseconds
        for first in stride(from: 0, to: sagas, by: 500) {
            let seeds = try (first..<min(sagas, first + 500)).map(Self.seed)
            let results = try await store.commit(seeds.map { .submit($0) }, under: nil)
            for (seed, result) in zip(seeds, results) {
                switch result {
                case .submitted(let number), .exists(let number, same: true): ids[number] = seed.id
                default: throw BenchFailure("\(seed.id) cannot be started: \(result)")
                }
            }
        }
    }

    private static func seed(_ place: Int) throws -> NewSaga {
        guard let id = SagaID(rawValue: "SG-CHURN-\(place)") else { throw BenchFailure("no id for saga \(place)") }
        return NewSaga(
            id: id, flow: flow, input: [], genesis: ChainLink.genesis(of: id, flow: flow, input: [], by: SHA256Digest())
        )
    }

    /// What claims and questions for the next wake took, in nanoseconds, in the order in which they were made.
    struct Times {
        var claims: [UInt64] = []
        var wakes: [UInt64] = []
        var taken = 0
    }

    /// Does so many rounds.
    func run(rounds: Int) async throws -> Times {
        var times = Times()
        let lease = try await takeLease()
        for _ in 0..<rounds {
            let began = Machine.nanoseconds()
            let claims = try await claim(under: lease)
            times.claims.append(Machine.nanoseconds() - began)
            times.taken += claims.count
            try await putToSleep(claims, under: lease)
            let asked = Machine.nanoseconds()
            _ = try await store.nextWake(for: [Self.flow])
            times.wakes.append(Machine.nanoseconds() - asked)
        }
        _ = try await store.commit([.release(Self.runner)], under: nil)
        return times
    }

    private func takeLease() async throws -> Lease {
        let request = LeaseRequest(runner: Self.runner, length: Self.leaseTime)
        guard case .leased(let lease)? = try await store.commit([.lease(request)], under: nil).first else {
            throw BenchFailure("there is no lease to be had")
        }
        return lease
    }

    private func claim(under lease: Lease) async throws -> [Claim] {
        let request = ClaimRequest(limit: batch, flows: [Self.flow])
        guard case .claimed(let claims)? = try await store.commit([.claim(request)], under: lease).first else {
            throw BenchFailure("a claim is answered with something else")
        }
        return claims
    }

    private func putToSleep(_ claims: [Claim], under lease: Lease) async throws {
        round += 1
        let now = store.clock.now()
        var appends: [StoreOperation] = []
        var calls: [(saga: SagaNumber, notice: Notice)] = []
        for (place, claim) in claims.enumerated() {
            guard let id = ids[claim.number] else { throw BenchFailure("saga \(claim.number) is nobody's") }
            let isAlarm = (place + round).isMultiple(of: 2)
            var append = Append(
                saga: claim.number, right: .claim(fence: claim.fence), entries: [],
                disposition: .sleep(isAlarm ? Wake(at: now) : Wake(at: now + .hours(24), onNotice: true)),
                standing: Standing(status: .waiting), noticesSeen: .max)
            if let last = notices.removeValue(forKey: claim.number) {
                append.notices = [NoticeUse(number: last, standing: .consumed)]
            }
            if !isAlarm {
                let reference = "C-\(stamp)-\(round)-\(place)"
                let key = IdempotencyKey(saga: id, stage: Self.stage, refusals: 0)
                append.expectations = [Expectation(source: BenchParty.name, reference: reference, key: key)]
                calls.append((claim.number, Self.notice(about: reference)))
            }
            appends.append(.append(append))
        }
        guard !appends.isEmpty else { return }
        for result in try await store.commit(appends, under: lease) {
            guard case .appended(held: false) = result else { throw BenchFailure("no sleep: \(result)") }
        }
        guard !calls.isEmpty else { return }
        let results = try await store.commit(
            calls.map { .notice(NewNotice(notice: $0.notice)) }, under: nil)
        for (call, result) in zip(calls, results) {
            guard case .noticed(let number, standing: .fresh, saga: _) = result else {
                throw BenchFailure("a notice wakes nobody: \(result)")
            }
            notices[call.saga] = number
        }
    }

    private static func notice(about reference: String) -> Notice {
        Notice(
            source: BenchParty.name, id: "n-\(reference)",
            claim: Notice.Claim(
                reference: reference, verdict: .settled,
                facts: ["asset": "AED", "amount": "3000000", "from": "escrow", "to": "issuer"]),
            body: Array(#"{"about":"\#(reference)"}"#.utf8), headers: "webhook-id: n-\(reference)\n")
    }
}
