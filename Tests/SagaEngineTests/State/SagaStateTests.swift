import Testing

@testable import SagaEngine

@Suite struct SagaStateTests {
    private let pay = Sample.stage("pay")
    private let paid = Sample.stage("paid")
    private let sent: [(String, EntryContent)] = [("", .pivot), ("pay", .intent(Sample.intent()))]

    /// One entry of each kind, and what it changes.
    private static let kinds: [(EntryContent, @Sendable (SagaState) -> Bool)] = [
        (.intent(Sample.intent()), { $0[Sample.stage("x")].intent == Sample.intent() }),
        (.attempt(Sample.attempt(.unknown)), { $0[Sample.stage("x")].failures == 1 }),
        (.accepted(), { $0[Sample.stage("x")].receipt?.value.receipt == Sample.receipt }),
        (.refusedByParty, { $0[Sample.stage("x")].refusal?.reason == Sample.reason }),
        (.told("pay"), { $0[Sample.stage("x")].notice?.id == "n1" }),
        (
            .found(FoundBody(order: Sample.stage("pay"), receipt: Sample.receipt, exchange: Sample.exchange)),
            { $0[Sample.stage("x")].found?.receipt == Sample.receipt }
        ),
        (
            .resolved(ResolvedBody(order: Sample.stage("pay"), evidence: "letter", actor: "ann")),
            { $0[Sample.stage("x")].resolved?.evidence == "letter" }
        ),
        (.value(Array("7".utf8)), { $0[Sample.stage("x")].value == Array("7".utf8) }),
        (.slept, { $0[Sample.stage("x")].slept }),
        (.posted(Array("{}".utf8)), { $0[Sample.stage("x")].posted == Array("{}".utf8) }),
        (
            .spawned(SpawnedBody(source: "s", cursor: nil, count: 2, isLast: true)),
            { $0[Sample.stage("x")].spawned?.count == 2 }
        ),
        (
            .barrier(BarrierBody(source: "s", count: 2, excluded: 0, digest: "d", sums: [])),
            { $0[Sample.stage("x")].barrier?.count == 2 }
        ),
        (.pivot, { $0.pivoted }),
        (.trouble(.halted, "x"), { $0.trouble?.cause == .halted }),
        (.acted(.cancel), { $0.mode == .compensating }),
        (.outcome(OutcomeBody(status: .completed, output: "1")), { $0.outcome?.status == .completed }),
    ]

    @Test func `every kind of entry is folded, and survives its encoding`() throws {
        #expect(Set(Self.kinds.map(\.0.kind)) == Set(EntryKind.allCases))
        for (content, holds) in Self.kinds {
            let before = SagaState(genesis: Sample.genesis, pivoted: false)
            #expect(!holds(before), "\(content.kind) changes nothing")
            let state = try SagaState.after([("x", content)])
            #expect(holds(state), "\(content.kind)")
            #expect(state.sequence == 1)
            #expect(state.head != Sample.genesis)
        }
    }

    @Test func `all kinds but attempts, troubles and actions that mend nothing clear a trouble`() throws {
        for (content, _) in Self.kinds {
            let state = try SagaState.after([("pay", .trouble(.exhausted, "pay")), ("x", content)])
            switch content.kind {
            case .attempt: #expect(state.trouble?.cause == .exhausted, "an attempt never clears a trouble")
            case .stuck: #expect(state.trouble?.cause == .halted)
            case .intent, .receipt, .refused, .notice, .found, .value, .slept, .posted, .spawned, .barrier, .pivot,
                .action, .outcome, .resolved:
                #expect(state.trouble == nil, "\(content.kind)")
            }
        }
    }

    // MARK: Identity

    @Test func `resume after a refusal makes the next key, exactly once`() throws {
        var entries = sent + [("pay", .refusedByParty), ("pay", .trouble(.refused, "pay"))]
        #expect(try SagaState.after(entries)[pay].refusals == 0)
        entries.append(("", .acted(.resume)))
        let resumed = try SagaState.after(entries)
        #expect(resumed.key(of: pay, in: Sample.saga).description == "S-1/pay#1")
        #expect(resumed[pay].intent == nil && resumed[pay].refusal == nil)
        entries.append(("", .acted(.resume)))
        #expect(try SagaState.after(entries)[pay].refusals == 1, "a second resume finds nothing to open")
    }

    @Test(arguments: Predicament.Cause.allCases.filter { $0 != .refused })
    func `resume without a refusal keeps the key`(_ cause: Predicament.Cause) throws {
        let state = try SagaState.after(sent + [("pay", .trouble(cause, "pay")), ("", .acted(.resume))])
        #expect(state[pay].refusals == 0)
        #expect(state[pay].intent != nil)
    }

    @Test(arguments: [OperatorAction.retry, .exclude, .discard, .cancel])
    func `no other action makes a new key, even after a refusal`(_ action: OperatorAction) throws {
        let state = try SagaState.after(
            sent + [("pay", .refusedByParty), ("pay", .trouble(.refused, "pay")), ("", .acted(action))])
        #expect(state[pay].refusals == 0)
        #expect(state[pay].refusal != nil)
    }

    // MARK: Attempts

    @Test func `attempts in vain are counted until a person has a hand in it`() throws {
        let failed: [(String, EntryContent)] = [
            ("pay", .attempt(Sample.attempt(.unknown))), ("pay", .attempt(Sample.attempt(.absent))),
            ("pay", .attempt(Sample.attempt(.resending))), ("pay", .attempt(Sample.attempt(.notYetKnown))),
        ]
        let state = try SagaState.after(sent + failed)
        #expect(state[pay].failures == 2, "absences and sends that are announced are no failures")
        #expect(state[pay].lastAttempt?.value.result == .notYetKnown)
        for action in [OperatorAction.retry, .resume] {
            let helped = try SagaState.after(sent + failed + [("", .acted(action))])
            #expect(helped[pay].failures == 0)
            #expect(helped[pay].lastAttempt == nil, "an absence before a person's hand proves nothing after it")
            #expect(helped.hastenedAt == Sample.now + .milliseconds(6))
        }
        let excluded = try SagaState.after(sent + failed + [("", .acted(.exclude))])
        #expect(excluded[pay].failures == 2)
        #expect(excluded.hastenedAt == nil)
    }

    // MARK: Direction

    @Test func `an exclusion that proved impossible goes forward after resume`() throws {
        for place in ["pay", ""] {
            let entries = sent + [("", .acted(.exclude)), (place, .trouble(.impossible, place))]
            #expect(try SagaState.after(entries).mode == .excluding)
            #expect(try SagaState.after(entries + [("", .acted(.retry))]).mode == .excluding)
            #expect(try SagaState.after(entries + [("", .acted(.resume))]).mode == .forward)
        }
    }

    @Test(arguments: [OperatorAction.cancel, .discard, .exclude])
    func `a resolution that was not confirmed turns no saga round`(_ action: OperatorAction) throws {
        let begun = try SagaState.after([("", .acted(action))]).mode
        let resolve = OperatorAction.resolve(stage: paid, outcome: .refused, evidence: "letter")
        let entries: [(String, EntryContent)] = [
            ("", .acted(action)), ("back", .intent(Sample.intent())), ("back", .accepted()), ("", .acted(resolve)),
            ("paid", .trouble(.impossible, "paid")), ("", .acted(.resume)),
        ]
        let state = try SagaState.after(entries)
        #expect(state.mode == begun)
        #expect(state[paid].resolution == nil, "the word that was not confirmed is forgotten")
    }

    @Test func `a notice that a person has looked at is set aside`() throws {
        let state = try SagaState.after(
            sent + [("paid", .trouble(.mismatch, "paid", notice: 9)), ("", .acted(.resume))])
        #expect(state[paid].dismissed == [9])
    }

    // MARK: What is at stake

    @Test func `an intent is at stake until something proves what became of it`() throws {
        #expect(try SagaState.after(sent).exposures == [Sample.exposure])
        #expect(try SagaState.after(sent + [("pay", .accepted())]).exposures == [Sample.exposure])
        let settled = Receipt(id: "T-1", state: .settled, facts: [:])
        let proofs: [(String, EntryContent)] = [
            ("pay", .refusedByParty), ("pay", .accepted(settled)), ("paid", .told("pay")),
            ("paid", .found(FoundBody(order: pay, receipt: settled, exchange: Sample.exchange))),
            ("paid", .resolved(ResolvedBody(order: pay, evidence: "letter", actor: "ann"))),
        ]
        for proof in proofs {
            #expect(try SagaState.after(sent + [proof]).exposures.isEmpty, "\(proof.1.kind)")
        }
        #expect(try SagaState.after(sent + [("paid", .told("other"))]).exposures == [Sample.exposure])
        let troubled = sent + [("pay", .attempt(Sample.attempt(.unknown))), ("pay", .trouble(.exhausted, "pay"))]
        #expect(try SagaState.after(troubled).exposures == [Sample.exposure])
    }

    @Test func `a journal that cannot be read is an error and no state`() throws {
        let broken = JournalEntry(
            sequence: 1, stage: pay, refusals: 0, kind: .receipt, at: Sample.now, body: Array("{".utf8),
            link: Sample.genesis)
        #expect(throws: CodecError.self) {
            _ = try SagaState(genesis: Sample.genesis, pivoted: false, journal: [broken])
        }
    }
}
