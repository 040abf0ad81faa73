import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct OperationsTests {
    private let ann = Operator(name: "ann", role: .operator)
    private let paid = Sample.stage("paid")

    private func waiting(_ setup: Bench.Setup = Bench.Setup(), _ body: (Bench) async throws -> Void) async throws {
        try await Bench.use(setup) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await body(bench)
        }
    }

    private func refusal(_ body: () async throws -> some Any) async -> ActionRefused.Code? {
        do {
            _ = try await body()
            return nil
        } catch let refused as ActionRefused {
            return refused.code
        } catch {
            Issue.record("another error: \(error)")
            return nil
        }
    }

    private func prints(_ bench: Bench) async throws -> [String] {
        try await bench.memory.prints(under: nil, limit: 50, offset: 0).reversed().map {
            "\($0.print.action) \($0.print.outcome)"
        }
    }

    @Test func `every action leaves a print, the refused ones too`() async throws {
        var setup = Bench.Setup()
        setup.singleHanded = false
        try await waiting(setup) { bench in
            let operations = bench.operations
            let viewer = Operator(name: "vic", role: .viewer)
            let long = String(repeating: "x", count: Operations.longestReason + 1)
            let nobody = SagaID(trusted: "NOBODY")
            func code(
                _ action: OperatorAction, on id: SagaID? = nil, by actor: Operator? = nil, _ reason: String = "why",
                _ version: Int? = nil
            ) async -> ActionRefused.Code? {
                await refusal {
                    try await operations.act(
                        action, on: id ?? bench.id, by: actor ?? ann, reason: reason, version: version)
                }
            }
            #expect(await code(.retry, by: viewer) == .forbidden)
            #expect(await code(.retry, "") == .invalid)
            #expect(await code(.retry, long) == .invalid)
            #expect(await code(.retry, "paid\u{202e} on") == .invalid)
            #expect(await code(.retry, "why", 1) == .stale)
            #expect(await code(.retry, on: nobody) == .notFound)
            #expect(await code(.resume) == .state)
            let resolve = OperatorAction.resolve(stage: paid, outcome: .settled, evidence: "letter")
            #expect(await code(resolve) == .needsSecondPerson)
            #expect(await code(.cancel) == .state, "two persons could not do it either")
            #expect(await code(.retry, String(long.dropLast())) == nil)
            let expected = [
                "retry forbidden", "retry invalid", "retry invalid", "retry invalid", "retry stale", "retry not_found",
                "resume state", "resolve needs_second_person", "cancel state", "retry done",
            ]
            #expect(try await prints(bench) == expected)
            let kept = try await bench.memory.prints(under: nil, limit: 50, offset: 0)
            #expect(kept.allSatisfy { $0.print.reason.utf8.count <= Operations.longestReason })
            #expect(kept.contains { $0.print.reason == "paid<U+202E> on" })
            #expect(kept.contains { $0.print.actor == "vic" && $0.print.role == "viewer" })
        }
    }

    @Test func `what was done and its print are one write, whatever becomes of the next one`() async throws {
        var setup = Bench.Setup()
        setup.wrap = { base in
            HookedStore(
                base,
                beforeCommit: { batch throws(StoreError) in
                    if case .print? = batch.first { throw StoreError(.unavailable, "no print goes by itself") }
                })
        }
        try await waiting(setup) { bench in
            try await bench.act(.retry)
            try await bench.until(.waiting, cause: .awaitingNotice)
            _ = try await bench.operations.accept(bench.party.notice("elsewhere", amount: "42", id: "n9"))
            _ = try await bench.operations.bind(notice: 1, to: bench.id, by: ann, reason: "why")
            #expect(try await prints(bench) == ["retry done", "bind done"])
            let kept = try #require(try await bench.memory.prints(under: bench.id, limit: 1, offset: 1).first)
            #expect(kept.print.actor == "ann" && kept.print.reason == "cleared up")
        }
    }

    @Test func `of two actions on one version one wins`() async throws {
        try await waiting { bench in
            let version = try await bench.row().sequence
            let codes = await withTaskGroup(of: ActionRefused.Code?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        await refusal {
                            try await bench.operations.act(
                                .retry, on: bench.id, by: ann, reason: "now", version: version)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.filter { $0 == nil }.count == 1)
            #expect(codes.allSatisfy { $0 == nil || $0 == .stale || $0 == .busy })
            #expect(try await bench.journal().filter { $0.kind == .action }.count == 1)
            #expect(try await prints(bench).count == 8)
        }
    }

    @Test func `a resolution counts once the counterparty has been asked`() async throws {
        try await waiting { bench in
            try await bench.act(.resolve(stage: paid, outcome: .settled, evidence: "letter"))
            try await bench.until(.completed)
            #expect(bench.party.state.withLock { $0.finds } == 1)
            #expect(try await bench.journal().contains { $0.kind == .resolved })
        }
    }

    @Test func `the counterparty's word outweighs a person's`() async throws {
        try await waiting { bench in
            // It says so when it is asked for the resolution, and again for the resume.
            bench.party.state.withLock {
                $0.answers = Array(repeating: .refused(Sample.reason, Sample.exchange), count: 2)
            }
            try await bench.act(.resolve(stage: paid, outcome: .settled, evidence: "letter"))
            try await bench.until(.stuck, cause: .refused)
            let asked = try await snapshot(bench).stages.first { $0.name == paid }?.resolution
            #expect(asked?.outcome == .settled && asked?.word == .refused && asked?.actor == "ann")
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(try await bench.journal().contains { $0.kind == .intent && $0.refusals == 1 })
        }
        try await waiting { bench in
            let settled = Receipt(id: "T", state: .settled, facts: ["amount": "42"])
            bench.party.state.withLock { $0.answers = [.found(settled, Sample.exchange)] }
            try await bench.act(.resolve(stage: paid, outcome: .refused, evidence: "letter"))
            try await bench.until(.completed)
            #expect(try await bench.journal().contains { $0.kind == .found })
            let asked = try await snapshot(bench).stages.first { $0.name == paid }?.resolution
            #expect(asked?.outcome == .refused && asked?.word == .settled && asked?.counterparty == "toy")
        }
    }

    @Test func `what was sent is shown also when it was refused at once`() async throws {
        let party = ToyParty()
        party.state.withLock { $0.script = [.refused(Sample.reason, Sample.exchange)] }
        try await Bench.use(Bench.Setup(party: party)) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.stuck, cause: .refused)
            let stage = try await snapshot(bench).stages.first { $0.name == Sample.stage("pay") }
            #expect(stage?.facts == nil && stage?.request == Array("42".utf8))
        }
    }

    @Test func `a refusal that the counterparty does not confirm is impossible`() async throws {
        try await waiting { bench in
            try await bench.act(.resolve(stage: paid, outcome: .refused, evidence: "letter"))
            try await bench.until(.stuck, cause: .impossible)
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#0")
            try await bench.until(.completed)
        }
    }

    private static let approving: Improvised.Body = { input, saga in
        try await saga.pointOfNoReturn()
        let order = try await saga.send(.one, Approve(amount: input))
        return try await saga.receive(.two, from: order, within: .hours(1)).instruction.amount
    }

    private func snapshot(_ bench: Bench) async throws -> SagaSnapshot {
        let inspection = Inspection(
            archive: bench.memory, registry: bench.runner.services.registry, digest: PlainSHA256(), singleHanded: true)
        return try #require(try await inspection.snapshot(of: bench.id))
    }

    @Test func `a look says who did what and why, what needs two, and which ways were not taken`() async throws {
        try await waiting { bench in
            #expect(await refusal { try await bench.act(.cancel) } == .state)
            try await bench.act(.retry)
            try await bench.tell("pay#0")
            try await bench.until(.completed)
            let after = try await snapshot(bench)
            #expect(after.prints.map(\.print.action) == ["retry", "cancel"])
            #expect(after.prints.map(\.print.outcome) == ["done", "state"])
            #expect(after.prints.allSatisfy { !$0.print.actor.isEmpty && !$0.print.reason.isEmpty })
        }
        try await Bench.run(Self.approving) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            let three = Sample.stage("three")
            #expect(try await snapshot(bench).stages.first { $0.name == three }?.progress == .ahead)
            try await bench.tell("one#0", amount: "41")
            try await bench.until(.completed)
            let after = try await snapshot(bench).stages
            #expect(after.first { $0.name == three }?.progress == .notTaken)
            #expect(after.first { $0.name == Sample.stage("one") }?.progress == .done)
        }
        var setup = Bench.Setup()
        setup.singleHanded = false
        try await waiting(setup) { bench in
            let inspection = Inspection(
                archive: bench.memory, registry: bench.runner.services.registry, digest: PlainSHA256(),
                singleHanded: false)
            let snapshot = try #require(try await inspection.snapshot(of: bench.id))
            #expect(snapshot.actions.contains("resolve") && snapshot.needsTwo == ["resolve"])
            #expect(try await self.snapshot(bench).needsTwo == [])
        }
    }

    private func actions(_ bench: Bench) async throws -> [String] { try await snapshot(bench).actions }

    private func conflicts(_ bench: Bench) async throws -> [String] {
        try await snapshot(bench).conflicts.map(\.notice.id)
    }

    @Test(arguments: [OperatorAction.resume, .retry])
    func `a notice that its saga was stuck over leaves the list once a person has decided`(
        action: OperatorAction
    ) async throws {
        try await Bench.run(Self.approving) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("one#0", amount: "40")
            try await bench.until(.stuck, cause: .mismatch)
            let open = NoticeQuery(standing: .mismatched)
            #expect(try await bench.memory.notices(open).map(\.number) == [1])
            #expect(await refusal { try await bench.act(.cancel) } == .state)
            #expect(try await bench.memory.notices(open).map(\.number) == [1], "nobody has decided anything")
            try await bench.act(action)
            #expect(try await bench.memory.notices(open).isEmpty)
            #expect(try await bench.memory.notices(NoticeQuery(standing: .late)).map(\.number) == [1])
            try await bench.tell("one#0", amount: "41", id: "n2")
            try await bench.until(.completed)
        }
    }

    @Test func `no person approves, and the attempt changes nothing`() async throws {
        let two = Sample.stage("two")
        let approve = OperatorAction.resolve(stage: two, outcome: .settled, evidence: "letter")
        try await Bench.run(Self.approving) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(await refusal { try await bench.act(approve) } == .state)
            #expect(try await !actions(bench).contains("resolve"))
            try await bench.tell("one#0", amount: "40")
            try await bench.until(.stuck, cause: .mismatch)
            let before = try await bench.row()
            #expect(await refusal { try await bench.act(approve) } == .state)
            #expect(try await bench.row() == before, "the cause stays, and nothing is written")
            #expect(try await !actions(bench).contains("resolve"))
            #expect(bench.party.state.withLock { $0.finds } == 0)
            try await bench.act(.resume)
            try await bench.tell("one#0", amount: "41", id: "n2")
            try await bench.until(.completed)
        }
    }

    @Test func `an approval that the counterparty does not say it refused stays an approval`() async throws {
        try await Bench.run(Self.approving) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.act(.resolve(stage: Sample.stage("two"), outcome: .refused, evidence: "letter"))
            try await bench.until(.stuck, cause: .impossible)
            #expect(try await bench.predicament().awaits == .approval)
            #expect(try await !actions(bench).contains("resolve"))
            #expect(try await !bench.predicament().message.contains("resolve as settled"))
            try await bench.tell("one#0", amount: "41")
            try await bench.act(.resume)
            try await bench.until(.completed)
        }
    }

    @Test func `a refusal after the approval undoes nothing and is shown`() async throws {
        try await Bench.run { input, saga in
            try await saga.pointOfNoReturn()
            let order = try await saga.send(.one, Approve(amount: input))
            let approved = try await saga.receive(.two, from: order, within: .hours(1))
            let last = try await saga.send(.three, Approve(amount: input + 1))
            _ = try await saga.receive(.four, from: last, within: .hours(1))
            return approved.instruction.amount
        } then: { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("one#0", amount: "41")
            let four = Sample.stage("four")
            while try await bench.row().standing.readPredicament()?.stage != four { await Task.yield() }
            try await bench.tell("one#0", amount: "41", id: "n2", verdict: .refused(Sample.reason))
            #expect(try await conflicts(bench) == ["n2"])
            try await bench.tell("three#0", amount: "42", id: "n3")
            try await bench.until(.completed)
            #expect(try await conflicts(bench) == ["n2"])
            #expect(try await bench.journal().allSatisfy { $0.kind != .refused })
        }
    }

    @Test func `of a settlement and a refusal that come together, the first counts and the second is shown`()
        async throws
    {
        let verdicts = [Notice.Verdict.settled, .refused(Sample.reason)]
        for (first, second) in [(verdicts[0], verdicts[1]), (verdicts[1], verdicts[0])] {
            try await Bench.use { bench in
                // Both are there before the saga, which adopts them with its expectation.
                try await bench.tell("pay#0", id: "n1", verdict: first)
                try await bench.tell("pay#0", id: "n2", verdict: second)
                _ = try await bench.operations.submit(
                    bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
                try await bench.until(first == .settled ? .completed : .stuck)
                #expect(try await conflicts(bench) == ["n2"])
                let told = bench.events.all.compactMap { event in
                    if case .contradicted(_, let stage, "toy", let number) = event { "\(stage) \(number)" } else { nil }
                }
                #expect(told == ["pay 2"])
            }
        }
    }

    @Test func `an orphan is bound by hand, and what a stage has taken is not`() async throws {
        try await waiting { bench in
            let orphan = bench.party.notice("elsewhere", amount: "42", id: "n9")
            guard case .noticed(let number, standing: .orphan, saga: nil) = try await bench.operations.accept(orphan)
            else {
                Issue.record("it is no orphan")
                return
            }
            let operations = bench.operations
            let missing = await refusal {
                try await operations.bind(notice: 99, to: bench.id, by: ann, reason: "why")
            }
            #expect(missing == .notFound)
            #expect(try await operations.bind(notice: number, to: bench.id, by: ann, reason: "why") == .fresh)
            let again = await refusal {
                try await operations.bind(notice: number, to: bench.id, by: ann, reason: "why")
            }
            #expect(again == .state)
            #expect(try await prints(bench) == ["bind not_found", "bind done", "bind state"])
        }
    }
}
