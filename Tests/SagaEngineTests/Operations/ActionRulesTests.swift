import SagaTestKit
import Testing

@_spi(Store) @testable import SagaEngine

@Suite struct ActionRulesTests {
    private static let actions: [OperatorAction] = [
        .retry, .resume, .resolve(stage: StageName(rawValue: "paid"), outcome: .settled, evidence: "e"), .exclude,
        .discard, .cancel,
    ]

    /// Can be taken out of a whole and called off.
    private struct Line: Saga, Compensable, Excludable {
        typealias Input = Int64
        typealias Output = Int64
        static let name = "line"
        enum Stage: String, SagaStage { case pay, paid }
        static let excludedBy: [Stage] = [.pay]
        static let exclusion = "paid by hand"
        func run(_ input: Int64, in saga: SagaContext<Stage>) async throws -> Int64 { input }
        func compensate(_ input: Int64, in saga: SagaContext<Stage>) async throws -> Int64 { 0 }
        func proveUntouched(_ input: Int64, in saga: SagaContext<Stage>) async throws {}
        func exclude(_ input: Int64, in saga: SagaContext<Stage>) async throws -> Int64 { 0 }
    }

    private func row(
        _ status: SagaStatus, child: Bool = false, openChildren: Int = 0, predicament: [UInt8] = []
    ) -> SagaRow {
        SagaRow(
            number: 1, id: Sample.saga, flow: Line.flow, input: [], parent: child ? SagaID(trusted: "P") : nil,
            origin: child ? SagaRow.Origin(stage: Sample.stage("x"), element: ElementID(trusted: "e")) : nil,
            sequence: 1, head: Sample.genesis, standing: Standing(status: status, predicament: predicament),
            wakeAt: nil, openChildren: openChildren, output: nil, createdAt: Sample.now, updatedAt: Sample.now)
    }

    private func flow<Flow: Saga>(_ flow: Flow) -> AnyFlow { AnyFlow(flow) { _ in [] } }

    private func refusals(
        _ row: SagaRow, _ entries: [(String, EntryContent)] = [], flow: AnyFlow? = nil
    ) throws -> [String: ActionRefused.Code] {
        let state = try SagaState.after(entries)
        var codes: [String: ActionRefused.Code] = [:]
        for action in Self.actions {
            let refusal = ActionRules(singleHanded: true).refusal(
                of: action, on: row, state: state, flow: flow ?? self.flow(Line()))
            if let refusal { codes[action.name] = refusal.code }
        }
        return codes
    }

    private static let all = ["retry", "resume", "resolve", "exclude", "discard", "cancel"]

    @Test(arguments: [
        (SagaStatus.pending, ["discard", "cancel"]), (.running, ["discard", "cancel"]),
        (.waiting, ["retry", "resolve", "discard", "cancel"]),
        (.stuck, ["retry", "resume", "resolve", "discard", "cancel"]),
        (.compensating, ["retry", "discard", "cancel"]), (.completed, []), (.cancelled, []), (.closed, []),
    ])
    func `a root saga allows what its status allows`(_ status: SagaStatus, _ allowed: [String]) throws {
        let refused = try refusals(row(status))
        #expect(Set(Self.all).subtracting(refused.keys) == Set(allowed))
        #expect(Set(refused.values).isSubset(of: [.state]))
    }

    @Test(arguments: [
        (SagaStatus.pending, []), (.running, []), (.waiting, ["retry", "resolve", "exclude"]),
        (.stuck, ["retry", "resume", "resolve", "exclude"]), (.compensating, ["retry"]), (.completed, []),
        (.cancelled, []), (.closed, []),
    ])
    func `a line is taken out, and not called off by itself`(_ status: SagaStatus, _ allowed: [String]) throws {
        let refused = try refusals(row(status, child: true))
        #expect(Set(Self.all).subtracting(refused.keys) == Set(allowed))
    }

    @Test func `nothing is called off past the point of no return, twice, or over children at work`() throws {
        #expect(try refusals(row(.stuck), [("", .pivot)]) == ["exclude": .state, "discard": .state, "cancel": .state])
        for action in [OperatorAction.discard, .exclude] {
            let refused = try refusals(row(.stuck), [("", .acted(action))])
            #expect(refused["discard"] == .state && refused["cancel"] == .state)
        }
        #expect(try refusals(row(.stuck), [("", .acted(.cancel))])["cancel"] == .state)
        let busy = try refusals(row(.waiting, openChildren: 1))
        #expect(busy["discard"] == .state && busy["cancel"] == .state)
    }

    @Test func `what is cancelled is discarded as long as nothing is put back, nor known to have moved`() throws {
        let cancelled: [(String, EntryContent)] = [("", .acted(.cancel))]
        #expect(try refusals(row(.stuck), cancelled)["discard"] == nil)
        let begun: [(String, EntryContent)] = [
            ("", .pivot), ("pay", .intent(Sample.intent())), ("pay", .posted([])),
            ("", .stuck(Predicament(cause: .impossible, stage: .saga, message: "m", since: Sample.now))),
        ]
        for (stage, entry) in begun {
            #expect(try refusals(row(.stuck), cancelled + [(stage, entry)])["discard"] == .state, "\(entry.kind)")
        }
    }

    @Test func `a flow without a way back is discarded and not cancelled, and none is taken out`() throws {
        let plain = flow(Payout())
        #expect(try refusals(row(.stuck), flow: plain) == ["cancel": .state, "exclude": .state])
        #expect(try refusals(row(.stuck, child: true), flow: plain)["exclude"] == .state)
    }

    @Test func `a stage with its evidence, or of another flow, is not resolved`() throws {
        #expect(try refusals(row(.waiting), [("paid", .told("pay"))])["resolve"] == .state)
        for name in ["paidd", ""] {
            let unknown = ActionRules(singleHanded: true).refusal(
                of: .resolve(stage: Sample.stage(name), outcome: .settled, evidence: "e"), on: row(.waiting),
                state: try SagaState.after([]), flow: flow(Line()))
            #expect(unknown?.code == .notFound)
        }
    }

    /// A row in which the saga says what it waits for or why it is stuck.
    private func row(
        _ status: SagaStatus, _ cause: Predicament.Cause, at stage: String, awaits: Predicament.Proof? = nil
    ) throws -> SagaRow {
        let predicament = Predicament(
            cause: cause, stage: Sample.stage(stage), message: "m", since: Sample.now, awaits: awaits)
        return row(status, child: true, predicament: try JournalEncoder().line(predicament))
    }

    @Test func `only the wait for a notice is resolved`() throws {
        let sent: [(String, EntryContent)] = [("", .pivot), ("pay", .intent(Sample.intent())), ("pay", .accepted())]
        #expect(try refusals(row(.waiting, .awaitingNotice, at: "paid"), sent)["resolve"] == nil)
        #expect(try refusals(row(.stuck, .mismatch, at: "paid"), sent)["resolve"] == nil)
        #expect(
            try refusals(row(.waiting, .awaitingNotice, at: "pay"), sent)["resolve"] == .state)
        #expect(try refusals(row(.waiting, .awaitingChildren, at: "paid"), sent)["resolve"] == .state)
        #expect(try refusals(row(.stuck, .refused, at: "paid"), sent)["resolve"] == .state)
    }

    @Test func `an approval is settled by no person, and its refusal says what can be done instead`() throws {
        let sent: [(String, EntryContent)] = [("", .pivot), ("pay", .intent(Sample.intent())), ("pay", .accepted())]
        let state = try SagaState.after(sent)
        let rules = ActionRules(singleHanded: true)
        func refusal(_ row: SagaRow, _ outcome: OperatorAction.Resolution) -> ActionRefused? {
            let action = OperatorAction.resolve(stage: Sample.stage("paid"), outcome: outcome, evidence: "e")
            return rules.refusal(of: action, on: row, state: state, flow: flow(Line()))
        }
        for cause in [Predicament.Cause.awaitingNotice, .awaitingRetry, .mismatch, .overdue, .impossible] {
            let status: SagaStatus = cause == .awaitingNotice || cause == .awaitingRetry ? .waiting : .stuck
            let waits = try row(status, cause, at: "paid", awaits: .approval)
            #expect(refusal(waits, .settled)?.code == .state)
            #expect(refusal(waits, .refused) == nil, "the counterparty itself may still say that it refused")
            #expect(!rules.allowed(on: waits, state: state, flow: flow(Line())).map(\.name).contains("resolve"))
            let money = try row(status, cause, at: "paid", awaits: .settlement)
            #expect(refusal(money, .settled) == nil)
            #expect(rules.allowed(on: money, state: state, flow: flow(Line())).map(\.name).contains("resolve"))
        }
        let stuck = try row(.stuck, .mismatch, at: "paid", awaits: .approval)
        let message = try #require(refusal(stuck, .settled)).message
        for remedy in ["notices import", "retry", "exclude"] { #expect(message.contains(remedy), "\(remedy)") }
        #expect(!message.contains("discard"), "a line past its point of no return is not discarded")
    }

    @Test func `a refused instruction is not hastened, only sent anew`() throws {
        #expect(try refusals(row(.stuck, .refused, at: "pay"))["retry"] == .state)
        #expect(try refusals(row(.stuck, .exhausted, at: "pay"))["retry"] == nil)
    }

    @Test func `nothing hastens a whole that waits for its lines, or for its day`() throws {
        let rules = ActionRules(singleHanded: true)
        let state = try SagaState.after([])
        let id = Sample.saga
        func message(_ action: OperatorAction, _ row: SagaRow) throws -> String? {
            rules.refusal(of: action, on: row, state: state, flow: flow(Line()))?.message
        }
        let whole = try row(.waiting, .awaitingChildren, at: "pay")
        let day = try row(.waiting, .awaitingMoment, at: "pay")
        #expect(
            try message(.retry, whole)
                == "\(id) waits for its children, so there is no attempt of its own to hasten; "
                + "retry those of them that wait")
        #expect(try message(.retry, day) == "\(id) waits for its moment, which nothing hastens; it goes on by itself")
        for row in [whole, day] {
            let resume = try #require(try message(.resume, row))
            #expect(resume.hasPrefix("\(id) is waiting, not stuck; it waits for its "), "\(resume)")
            #expect(!resume.contains("retry hastens"), "\(resume)")
            #expect(!rules.allowed(on: row, state: state, flow: flow(Line())).map(\.name).contains("retry"))
        }
        let notice = try row(.waiting, .awaitingNotice, at: "paid")
        #expect(try message(.retry, notice) == nil)
        #expect(try message(.resume, notice) == "\(id) is waiting, not stuck; retry hastens a wait")
    }

    @Test func `a line whose money has moved is not taken out`() throws {
        let sent: [(String, EntryContent)] = [("", .pivot), ("pay", .intent(Sample.intent())), ("pay", .accepted())]
        #expect(try refusals(row(.waiting, child: true), sent)["exclude"] == nil)
        #expect(try refusals(row(.waiting, child: true), sent + [("paid", .told("pay"))])["exclude"] == .state)
    }

    @Test func `a line that is being taken out is not taken out once more`() throws {
        let excluded: [(String, EntryContent)] = [("", .acted(.exclude))]
        #expect(try refusals(row(.stuck, child: true))["exclude"] == nil)
        #expect(try refusals(row(.stuck, child: true), excluded)["exclude"] == .state)
        #expect(try refusals(row(.stuck, child: true), excluded)["resume"] == nil)
    }

    @Test func `what can move money needs two persons`() {
        let two = ActionRules(singleHanded: false)
        #expect(Self.actions.filter(two.needsTwo).map(\.name) == ["resolve", "exclude", "cancel"])
        #expect(!Self.actions.contains(where: ActionRules(singleHanded: true).needsTwo))
    }
}
