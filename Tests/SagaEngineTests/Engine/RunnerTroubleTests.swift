import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct RunnerTroubleTests {
    /// Runs one payout on a store with faults; returns how often the party was told and what was recorded.
    private func pay(
        _ plan: FaultPlan, through gate: @escaping (any SagaClock) -> any Gatekeeper = { _ in OpenGate() },
        then check: (Bench) async throws -> Void = { _ in }
    ) async throws -> (deliveries: Int, events: [EngineEvent]) {
        let bench = Bench.Setup(wrap: { FaultyStore($0, plan: plan) }, gate: gate)
        var outcome: (Int, [EngineEvent]) = (0, [])
        try await Bench.use(bench) { bench in
            let input = Array(#"{"amount":41}"#.utf8)
            let genesis = ChainLink.genesis(of: bench.id, flow: Payout.flow, input: input, by: PlainSHA256())
            let early = bench.party.notice("\(bench.id)/pay#0", amount: "42", id: "n1")
            _ = try await bench.memory.commit(
                [
                    .submit(NewSaga(id: bench.id, flow: Payout.flow, input: input, genesis: genesis)),
                    .notice(NewNotice(notice: early)),
                ], under: nil)
            bench.runner.wake()
            try await bench.until(.completed)
            try await check(bench)
            outcome = (bench.party.state.withLock { $0.deliveries }, bench.events.all)
        }
        return outcome
    }

    @Test func `a refusal without words is told by its code`() async throws {
        let party = ToyParty()
        party.state.withLock { $0.script = [.refused(RefusalReason(code: "declined", message: ""), Sample.exchange)] }
        try await Bench.use(Bench.Setup(party: party)) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.stuck, cause: .refused)
            let message = try await bench.predicament().message
            #expect(message.hasPrefix("toy refused PAY-1/pay#0: declined; mend the cause"))
        }
    }

    @Test(arguments: 1...5, [StoreFault.unavailable, .errorAfterApplying])
    func `a runner whose store fails once finishes the saga, and pays once`(_ point: Int, _ fault: StoreFault)
        async throws
    {
        let (deliveries, events) = try await pay(.at(point, fault))
        #expect(deliveries == 1)
        #expect(events.contains { if case .storeFailed = $0 { true } else { false } })
    }

    @Test(.timeLimit(.minutes(1)), arguments: 1...8, [StoreFault.unavailable, .errorAfterApplying])
    func `what the gate counts as at stake is right again after a store's failure`(_ point: Int, _ fault: StoreFault)
        async throws
    {
        let built = Locked<Gate?>(nil)
        func build(_ clock: any SagaClock) -> any Gatekeeper {
            let gate = Gate(limits: [:], money: ["SGD": 100], clock: clock)
            built.withLock { $0 = gate }
            return gate
        }
        _ = try await pay(.at(point, fault), through: build) { bench in
            let gate = try #require(built.withLock { $0 })
            // The commit that ends the saga may be the one that failed: the runner then still has to ask the store.
            #expect(try await bench.pass { Self.hasRoom(for: 100, in: gate) && !Self.hasRoom(for: 101, in: gate) })
        }
    }

    /// Whether the limit leaves room for just so much, which is given back at once.
    private static func hasRoom(for amount: Int128, in gate: Gate) -> Bool {
        guard gate.reserve(Exposure(asset: "SGD", amount: amount, decimals: 2)) == .granted else { return false }
        gate.adjust("SGD", by: -amount)
        return true
    }

    @Test(.timeLimit(.minutes(1)))
    func `a runner that is stopped while the store is away does not wait for the store`() async throws {
        let bench = Bench(Bench.Setup(wrap: { FaultyStore($0, plan: FaultPlan { _ in .unavailable }) }))
        // Nobody moves the clock, so a pause that stopping did not cut short would never end.
        async let end: Void = bench.runner.run()
        while bench.clock.nextMoment == nil { await Task.yield() }
        bench.runner.stop()
        try await end
        #expect(bench.events.all.contains { if case .storeFailed = $0 { true } else { false } })
    }

    @Test func `a runner that stops sends nothing more, and gives everything back`() async throws {
        let script: Improvised.Body = { input, saga in
            try await saga.pointOfNoReturn()
            _ = try await saga.send(.one, Pay(amount: input))
            _ = try await saga.send(.two, Pay(amount: input))
            return input
        }
        let bench = Bench(Bench.Setup(register: { $0.register(Improvised(script)) }))
        let runner = bench.runner
        bench.party.state.withLock { $0.meanwhile = { runner.stop() } }
        let input = Array("5".utf8)
        let genesis = ChainLink.genesis(of: bench.id, flow: Improvised.flow, input: input, by: PlainSHA256())
        _ = try await bench.memory.commit(
            [.submit(NewSaga(id: bench.id, flow: Improvised.flow, input: input, genesis: genesis))], under: nil)
        try await bench.runner.run()
        #expect(bench.runner.active == 0)
        #expect(bench.party.state.withLock { $0.deliveries } == 1)
        #expect(try await bench.journal().map(\.kind) == [.pivot, .intent, .receipt])
        #expect(try await bench.row().standing.status == .running)
        let lease = try await bench.memory.commit(
            [.lease(LeaseRequest(runner: RunnerID("r2"), length: .seconds(15)))], under: nil)
        guard case .leased(let right)? = lease.first else {
            Issue.record("there is no lease to be had")
            return
        }
        let claimed = try await bench.memory.commit(
            [.claim(ClaimRequest(limit: 9, flows: [Improvised.flow]))], under: right)
        guard case .claimed(let claims)? = claimed.first else {
            Issue.record("nothing can be claimed")
            return
        }
        #expect(claims.count == 1, "another runner can take it at once")
    }

    @Test func `nothing is sent when the lease is nearly out`() {
        let bench = Bench()
        let services = bench.runner.services
        #expect(!services.leaseIsSafe, "there is none")
        for (left, safe) in [
            (Span.seconds(15), true), (.milliseconds(5_001), true), (.seconds(5), false), (.zero, false),
        ] {
            services.writes.lease = Lease(runner: RunnerID("r1"), epoch: 1, expires: bench.clock.now() + left)
            #expect(services.leaseIsSafe == safe, "\(left)")
        }
    }

    /// A runner that stood still past its lease: another one has what it is working on.
    @Test func `a lease that is granted anew after it was taken over lets nothing more be sent`() async throws {
        let leases = Locked(0)
        let other = LeaseRequest(runner: RunnerID("r2"), length: .seconds(15))
        let setup = Bench.Setup(wrap: { base in
            HookedStore(
                base,
                beforeCommit: { batch throws(StoreError) in
                    guard batch.contains(where: { if case .lease = $0 { true } else { false } }),
                        leases.withLock({ count in
                            count += 1
                            return count == 2
                        })
                    else { return }
                    guard case .leased(let right)? = try await base.commit([.lease(other)], under: nil).first else {
                        return
                    }
                    _ = try await base.commit(
                        [.claim(ClaimRequest(limit: 9, flows: [Improvised.flow]))], under: right)
                })
        })
        let (held, hold) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        try await Bench.run(setup) { input, saga in
            try await saga.step(.one) {
                begin.yield()
                for await _ in held { break }
                return input
            }
        } then: { bench in
            for await _ in begun { break }
            let services = bench.runner.services
            let old = services.writes.lease?.epoch
            bench.clock.advance(by: .seconds(16))
            for _ in 0..<100_000 where services.writes.lease?.epoch == old { await Task.yield() }
            #expect(leases.withLock { $0 } == 2)
            #expect(services.writes.lease == nil && !services.leaseIsSafe)
            hold.yield()
        }
    }

    /// What was seen of leases in ``a renewal that is answered late changes nothing``.
    private struct Renewals {
        var runners: [String] = []
        var isHeld = false
        var hasFailed = false
        var isLetGo = false
    }

    @Test(.timeLimit(.minutes(1))) func `a renewal that is answered late changes nothing`() async throws {
        let seen = Locked(Renewals())
        let (answer, letGo) = AsyncStream.makeStream(of: Void.self)
        let (held, hold) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let setup = Bench.Setup(wrap: { base in
            HookedStore(
                base,
                beforeCommit: { batch throws(StoreError) in
                    let isWrite = batch.contains { if case .append = $0 { true } else { false } }
                    let isClaim = batch.contains { if case .claim = $0 { true } else { false } }
                    let (fails, frees) = seen.withLock { seen in
                        let fails = seen.isHeld && !seen.hasFailed && isWrite
                        let frees = isClaim && seen.runners.last == "r1+1" && !seen.isLetGo
                        seen.hasFailed = seen.hasFailed || fails
                        seen.isLetGo = seen.isLetGo || frees
                        return (fails, frees)
                    }
                    if fails { throw StoreError(.unavailable, "away") }
                    guard frees else { return }
                    letGo.yield()
                    for _ in 0..<5_000 { await Task.yield() }
                },
                afterCommit: { batch in
                    let renewal = batch.first { if case .lease = $0 { true } else { false } }
                    guard case .lease(let request)? = renewal else { return }
                    // One that travels with a claim would hold the runner itself up.
                    let holds = seen.withLock { seen in
                        seen.runners.append("\(request.runner)")
                        defer { seen.isHeld = seen.isHeld || seen.runners.count > 1 && batch.count == 1 }
                        return !seen.isHeld && seen.runners.count > 1 && batch.count == 1
                    }
                    guard holds else { return }
                    for await _ in answer { break }
                })
        })
        try await Bench.run(setup) { input, saga in
            try await saga.step(.one) {
                begin.yield()
                for await _ in held { break }
                return input
            }
        } then: { bench in
            defer { letGo.finish() }
            for await _ in begun { break }
            while !seen.withLock({ $0.isHeld }) {
                let renewals = seen.withLock { $0.runners.count }
                bench.clock.advance(by: .seconds(6))
                while seen.withLock({ $0.runners.count }) == renewals { await Task.yield() }
            }
            hold.finish()
            try await bench.until(.completed)
            #expect(Set(seen.withLock { $0.runners }) == ["r1", "r1+1"])
        }
    }

    /// A bench with more sagas than two cohorts, none begun, and what happens before each load by its number.
    private func crowd(
        beforeLoad: @escaping @Sendable (Int) throws(StoreError) -> Void
    ) async throws -> (bench: Bench, ids: [SagaID]) {
        let loads = Locked(0)
        let setup = Bench.Setup(
            wrap: { base in
                HookedStore(
                    base,
                    beforeLoad: { _ throws(StoreError) in
                        try beforeLoad(
                            loads.withLock { count in
                                count += 1
                                return count
                            })
                    })
            }, register: { $0.register(Improvised { input, saga in try await saga.step(.one) { input } }) })
        let bench = Bench(setup)
        let ids = (0..<3 * GroupCommit.cohort + 1).map { SagaID(trusted: "M-\($0)") }
        let input = Array("7".utf8)
        let seeds = ids.map { id in
            let genesis = ChainLink.genesis(of: id, flow: Improvised.flow, input: input, by: PlainSHA256())
            return StoreOperation.submit(NewSaga(id: id, flow: Improvised.flow, input: input, genesis: genesis))
        }
        _ = try await bench.memory.commit(seeds, under: nil)
        return (bench, ids)
    }

    @Test(.timeLimit(.minutes(1)), arguments: 1...4)
    func `a cohort that cannot be loaded costs no saga, and none is carried on twice`(_ failing: Int) async throws {
        let (bench, ids) = try await crowd { load throws(StoreError) in
            if load == failing { throw StoreError(.unavailable, "away") }
        }
        async let end: Void = bench.runner.run()
        for id in ids { try await bench.until(.completed, of: id) }
        bench.runner.stop()
        try await end
        #expect(bench.runner.active == 0)
        for id in ids { #expect(try await bench.journal(id).filter { $0.kind == .value }.count == 1) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: 1...4)
    func `a runner that is cancelled between its cohorts gives everything back`(_ load: Int) async throws {
        let (reached, reach) = AsyncStream.makeStream(of: Void.self)
        let (bench, ids) = try await crowd { if $0 == load { reach.yield() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.runner.run() }
            for await _ in reached { break }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(bench.runner.active == 0)
        let request = LeaseRequest(runner: RunnerID("r2"), length: .seconds(15))
        guard case .leased(let lease)? = try await bench.memory.commit([.lease(request)], under: nil).first,
            case .claimed(let rest)? = try await bench.memory.commit(
                [.claim(ClaimRequest(limit: 500, flows: [Improvised.flow]))], under: lease
            ).first
        else {
            Issue.record("another runner gets no lease and no claim")
            return
        }
        var done = 0
        for id in ids where try await bench.row(id).standing.status == .completed { done += 1 }
        #expect(done + rest.count == ids.count)
    }
}
