import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct ViolationTests {
    private var setup: Bench.Setup {
        var setup = Bench.Setup()
        setup.handlers = [ToyBooks()]
        return setup
    }

    private func kinds(_ bench: Bench) async throws -> [EntryKind] { try await bench.journal().map(\.kind) }

    @Test func `a posting that breaks the books keeps the notice before it, and harms no neighbour`() async throws {
        try await Bench.run(
            setup,
            { input, saga in
                try await saga.pointOfNoReturn()
                let order = try await saga.send(.one, Pay(amount: input))
                _ = try await saga.receive(.two, from: order, within: .hours(1))
                _ = try await saga.post(.three, BookEntry(amount: input))
                return input
            },
            then: { bench in
                let unlucky = SagaID(trusted: "UNLUCKY")
                _ = try await bench.operations.submit(unlucky, flow: Improvised.flow, input: Array("13".utf8))
                try await bench.until(.waiting, cause: .awaitingNotice)
                try await bench.until(.waiting, cause: .awaitingNotice, of: unlucky)
                try await bench.tell("one#0", amount: "13", id: "n1", of: unlucky)
                try await bench.tell("one#0", amount: "41", id: "n2")
                try await bench.until(.completed)
                try await bench.until(.stuck, cause: .violation, of: unlucky)
                #expect(try await bench.predicament(unlucky).message.contains("books.thirteen"))
                #expect(
                    try await bench.journal(unlucky).map(\.kind) == [.pivot, .intent, .receipt, .notice, .stuck])
                #expect(try await bench.row(unlucky).standing.exposures.isEmpty, "the payment stays proved")
                #expect(bench.memory.books.logs["entries"]?.map(\.body) == [Array("41".utf8)])
                #expect(try await bench.memory.notices(NoticeQuery(standing: .consumed)).count == 2)
            })
    }

    @Test func `a notice that was taken after the posting is not lost with it`() async throws {
        try await Bench.run(
            setup, input: "13",
            { input, saga in
                try await saga.pointOfNoReturn()
                let first = try await saga.send(.one, Pay(amount: input))
                let second = try await saga.send(.two, Pay(amount: input))
                _ = try await saga.receive(.three, from: first, within: .hours(1))
                _ = try await saga.post(.four, BookEntry(amount: input))
                _ = try await saga.receive(.five, from: second, within: .hours(1))
                return input
            },
            then: { bench in
                try await bench.until(.waiting, cause: .awaitingNotice)
                try await bench.tell("two#0", amount: "13", id: "n2")
                try await bench.until(.waiting, cause: .awaitingNotice)
                try await bench.tell("one#0", amount: "13", id: "n1")
                try await bench.until(.stuck, cause: .violation)
                let standings = try await bench.memory.notices(NoticeQuery()).map { ($0.notice.id, $0.standing) }
                #expect(standings.contains { $0 == ("n1", .consumed) })
                #expect(standings.contains { $0 == ("n2", .fresh) }, "no entry proves what this notice says")
            })
    }

    @Test func `an intent whose reference is taken stays in no journal`() async throws {
        try await Bench.run(
            setup,
            { input, saga in
                _ = try await saga.step(.one) { 1 }
                try await saga.pointOfNoReturn()
                _ = try await saga.send(.two, Pay(amount: input))
                return input
            },
            then: { bench in
                try await bench.until(.completed)
                let taker = SagaID(trusted: "TAKER")
                _ = try await bench.operations.submit(taker, flow: Payout.flow, input: Array(#"{"amount":1}"#.utf8))
                try await bench.until(.waiting, cause: .awaitingNotice, of: taker)
                let victim = SagaID(trusted: "VICTIM")
                let taken = Append(
                    saga: try await bench.row(taker).number, right: .version(try await bench.row(taker).sequence),
                    entries: [], disposition: .sleep(Wake(onNotice: true)),
                    standing: try await bench.row(taker).standing,
                    expectations: [
                        Expectation(
                            source: "toy", reference: "VICTIM/two#0",
                            key: IdempotencyKey(saga: taker, stage: Sample.stage("pay"), refusals: 1))
                    ])
                let results = try await bench.memory.commit([.append(taken)], under: nil)
                guard case .appended? = results.first else {
                    Issue.record("the reference could not be taken: \(results)")
                    return
                }
                let deliveries = bench.party.state.withLock { $0.deliveries }
                _ = try await bench.operations.submit(victim, flow: Improvised.flow, input: Array("5".utf8))
                try await bench.until(.stuck, cause: .violation, of: victim)
                #expect(try await bench.journal(victim).map(\.kind) == [.value, .pivot, .stuck])
                #expect(try await bench.row(victim).standing.exposures.isEmpty)
                try await bench.act(.resume, on: victim)
                try await bench.until(.stuck, cause: .violation, of: victim)
                #expect(
                    bench.party.state.withLock { $0.deliveries } == deliveries, "nothing goes out that cannot be told")
            })
    }
}
