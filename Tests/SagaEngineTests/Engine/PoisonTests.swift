import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct PoisonTests {
    @Test func `a greedy catch around a wait sends nothing more`() async throws {
        try await Bench.run(
            { input, saga in
                try await saga.pointOfNoReturn()
                let order = try await saga.send(.one, Pay(amount: input))
                do {
                    _ = try await saga.receive(.two, from: order, within: .hours(1))
                } catch {
                    _ = try await saga.send(.three, Pay(amount: input))
                }
                return 0
            },
            then: { bench in
                try await bench.until(.waiting, cause: .awaitingNotice)
                #expect(bench.party.state.withLock { $0.deliveries } == 1)
                #expect(try await bench.journal().allSatisfy { $0.stage.rawValue != "three" })
            })
    }

    @Test func `a flow that swallows every error ends no saga`() async throws {
        try await Bench.run(
            { input, saga in
                try await saga.pointOfNoReturn()
                do {
                    let order = try await saga.send(.one, Pay(amount: input))
                    _ = try await saga.receive(.two, from: order, within: .hours(1))
                } catch {}
                do { try await saga.pointOfNoReturn() } catch {}
                do { _ = try await saga.step(.three) { 1 } } catch {}
                do { try await saga.sleep(.four, until: Timestamp(milliseconds: 0)) } catch {}
                do { _ = try await saga.post(.five, BookEntry(amount: 1)) } catch {}
                return 0
            },
            then: { bench in
                try await bench.until(.waiting, cause: .awaitingNotice)
                #expect(Set(try await bench.journal().map(\.stage.rawValue)) == ["", "one"])
            })
    }

    @Test func `a flow that asks for a stage twice is stuck`() async throws {
        try await stuck(.illegal, at: "one") { input, saga in
            _ = try await saga.step(.one) { 1 }
            return try await saga.step(.one) { input }
        }
    }

    @Test func `money before the point of no return is stuck and not sent`() async throws {
        try await stuck(.illegal, at: "one") { input, saga in
            _ = try await saga.send(.one, Pay(amount: input))
            return 0
        }
    }

    @Test func `what moves no money may be sent before the point of no return`() async throws {
        try await Bench.run(
            { input, saga in
                _ = try await saga.send(.one, Tell(amount: input))
                return input
            },
            then: { bench in
                try await bench.until(.completed)
                #expect(bench.party.state.withLock { $0.deliveries } == 1)
            })
    }

    @Test func `an instruction that the counterparty does not understand is stuck`() async throws {
        try await stuck(.illegal, at: "two") { _, saga in
            try await saga.pointOfNoReturn()
            _ = try await saga.send(.two, Alien())
            return 0
        }
    }

    @Test func `an instruction to nobody is stuck`() async throws {
        try await stuck(.illegal, at: "two") { _, saga in
            try await saga.pointOfNoReturn()
            _ = try await saga.send(.two, Lost())
            return 0
        }
    }

    @Test func `a halt is stuck at once, in the flow or in a step`() async throws {
        try await stuck(.halted, at: "one") { _, saga in
            try await saga.step(.one) { throw Halt(code: "too_small", message: "nothing to do") }
        }
        try await stuck(.halted, at: "one") { _, saga in
            _ = try await saga.step(.one) { 1 }
            throw Halt(code: "too_small", message: "nothing to do")
        }
    }

    @Test func `an error nobody foresaw is stuck`() async throws {
        struct Surprise: Error {}
        try await stuck(.failed, at: "one") { _, saga in
            _ = try await saga.step(.one) { 1 }
            throw Surprise()
        }
    }

    @Test func `a step that fails is tried again, and in the end stuck until a person resumes it`() async throws {
        struct Flaky: StepFault {
            let code = "mill.still"
            let description = "the mill stood still"
        }
        let tries = Locked(0)
        var setup = Bench.Setup()
        setup.policies.steps = RetryPolicy(initial: .seconds(1), cap: .seconds(2), attempts: 3)
        try await Bench.run(
            setup,
            { input, saga in
                try await saga.step(.one) {
                    let count = tries.withLock { tries in
                        tries += 1
                        return tries
                    }
                    guard count > 4 else { throw Flaky() }
                    return input
                }
            },
            then: { bench in
                try await bench.until(.stuck, cause: .exhausted)
                #expect(tries.withLock { $0 } == 3)
                let attempts = try await bench.journal().filter { $0.kind == .attempt }
                #expect(attempts.count == 3)
                #expect(attempts.allSatisfy { String(decoding: $0.body, as: UTF8.self).contains("mill.still") })
                #expect(try await bench.predicament().message.contains("(last: the mill stood still)"))
                #expect(try await bench.row().wakeAt == nil, "it waits for a person")
                try await bench.act(.resume)
                try await bench.until(.completed)
                #expect(tries.withLock { $0 } == 5)
            })
    }

    @Test func `a journal entry that the flow no longer asks for is stuck`() async throws {
        let version = Locked(1)
        try await Bench.run(
            { input, saga in
                if version.withLock({ $0 }) == 1 { _ = try await saga.step(.one) { 1 } }
                try await saga.pointOfNoReturn()
                let order = try await saga.send(.two, Pay(amount: input + 1))
                _ = try await saga.receive(.three, from: order, within: .hours(1))
                return 0
            },
            then: { bench in
                try await bench.until(.waiting, cause: .awaitingNotice)
                version.withLock { $0 = 2 }
                try await bench.tell("two#0")
                try await bench.until(.stuck, cause: .divergence)
                #expect(try await bench.predicament().stage.rawValue == "one")
            })
    }

    @Test func `other content under a key that was sent is stuck and not sent`() async throws {
        let extra = Locked<Int64>(0)
        try await Bench.run(
            { input, saga in
                try await saga.pointOfNoReturn()
                let order = try await saga.send(.one, Pay(amount: input + extra.withLock { $0 }))
                _ = try await saga.receive(.two, from: order, within: .hours(1))
                return 0
            },
            then: { bench in
                try await bench.until(.waiting, cause: .awaitingNotice)
                extra.withLock { $0 = 1 }
                try await bench.act(.retry)
                try await bench.until(.stuck, cause: .divergence)
                #expect(bench.party.state.withLock { $0.deliveries } == 1)
            })
    }

    @Test func `a saga that cannot be read delays nobody`() async throws {
        try await Bench.run({ input, _ in input }) { bench in
            let broken = SagaID(trusted: "BROKEN")
            let input = Array("[]".utf8)
            let genesis = ChainLink.genesis(of: broken, flow: Improvised.flow, input: input, by: PlainSHA256())
            _ = try await bench.memory.commit(
                [.submit(NewSaga(id: broken, flow: Improvised.flow, input: input, genesis: genesis))], under: nil)
            bench.runner.wake()
            try await bench.until(.stuck, cause: .halted, of: broken)
            #expect(try await bench.predicament(broken).message.contains("input_unreadable"))

            let torn = SagaID(trusted: "TORN")
            let garbage = JournalEntry(
                sequence: 1, stage: Sample.stage("one"), refusals: 0, kind: .receipt, at: bench.clock.now(),
                body: Array("{".utf8), link: genesis)
            let append = Append(
                saga: 3, right: .version(0), entries: [garbage], disposition: .release,
                standing: Standing(status: .running))
            _ = try await bench.memory.commit(
                [.submit(NewSaga(id: torn, flow: Improvised.flow, input: input, genesis: genesis)), .append(append)],
                under: nil)
            bench.runner.wake()
            try await bench.until(.stuck, cause: .failed, of: torn)
            #expect(bench.events.all.contains { if case .unreadable(torn, _) = $0 { true } else { false } })

            let neighbour = SagaID(trusted: "NEIGHBOUR")
            _ = try await bench.operations.submit(neighbour, flow: Improvised.flow, input: Array("7".utf8))
            try await bench.until(.completed, of: neighbour)
        }
    }

    /// The flow makes its saga stuck, once and for this cause, and nothing was sent.
    private func stuck(
        _ cause: Predicament.Cause, at stage: String, _ script: @escaping Improvised.Body
    ) async throws {
        try await Bench.run(script) { bench in
            try await bench.until(.stuck)
            let predicament = try await bench.predicament()
            #expect(predicament.cause == cause)
            #expect(predicament.stage.rawValue == stage)
            #expect(bench.party.state.withLock { $0.deliveries } == 0)
            try await bench.act(.resume)
            try await bench.until(.stuck)
            #expect(try await bench.journal().filter { $0.kind == .stuck }.count == 2, "it is stuck anew")
        }
    }
}
