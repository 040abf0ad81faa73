/// A saga as its journal tells it: the fold of all entries, and nothing else.
///
/// A reference, since it is read far more often than changed and copying it would count every reference in it.
/// `@unchecked Sendable`: an activation alone changes its saga's, and those of ancestors, which sagas share, are never
/// changed once they are loaded.
final class SagaState: @unchecked Sendable {
    private(set) var sequence = 0
    private(set) var head: ChainLink
    private(set) var stages: [StageState] = []
    private(set) var mode = Mode.forward
    private(set) var pivoted: Bool
    private(set) var trouble: Predicament?
    /// When a person last hastened it.
    private(set) var hastenedAt: Timestamp?
    private(set) var outcome: OutcomeBody?
    /// Whether any instruction was ever refused.
    private(set) var hasRefusals = false
    /// Which stages' instructions other stages hold the proof of.
    private var proved: [StageName] = []

    /// Which of the flow's functions runs.
    enum Mode: String, Sendable {
        case forward, discarding, compensating, excluding
    }

    /// The state before any entry.
    init(genesis: ChainLink, pivoted: Bool) {
        head = genesis
        self.pivoted = pivoted
    }

    /// The state after a whole journal.
    convenience init(genesis: ChainLink, pivoted: Bool, journal: [JournalEntry]) throws(CodecError) {
        self.init(genesis: genesis, pivoted: pivoted)
        stages.reserveCapacity(8)
        for entry in journal { apply(try EntryContent(entry), of: entry) }
        try readOpenHeaders()
    }

    /// The state of a stored saga by its whole journal.
    static func load(_ row: SagaRow, from archive: any SagaArchive, by digest: any Digest) async throws -> SagaState {
        let genesis = ChainLink.genesis(of: row.id, flow: row.flow, input: row.input, by: digest)
        let state = SagaState(genesis: genesis, pivoted: row.standing.pivoted)
        while state.sequence < row.sequence {
            let page = try await archive.journal(of: row.id, after: state.sequence, limit: 500)
            guard !page.isEmpty else { break }
            for entry in page { state.apply(try EntryContent(entry), of: entry) }
        }
        try state.readOpenHeaders()
        return state
    }

    /// What the journal says about a stage; to be read only.
    @inline(__always)
    subscript(stage: StageName) -> StageState {
        if let index = index(of: stage) { stages[index] } else { Self.untouched }
    }

    private static let untouched = StageState()

    /// A stage's state to be changed: nobody else refers to it, such as a state machine that looks at how it was.
    private func own(_ stage: StageName) -> StageState {
        if let index = index(of: stage) { return own(at: index) }
        let new = StageState(stage)
        stages.append(new)
        return new
    }

    private func own(at index: Int) -> StageState {
        if !isKnownUniquelyReferenced(&stages[index]) { stages[index] = stages[index].copy() }
        return stages[index]
    }

    @inline(__always)
    private func index(of stage: StageName) -> Int? {
        var index = 0
        while index < stages.count {
            if stages[index].name == stage { return index }
            index += 1
        }
        return nil
    }

    /// Takes one more entry in. Entries come in order; what they say is never checked against rules here.
    func apply(_ entry: JournalEntry) throws(CodecError) {
        apply(try EntryContent(entry), of: entry)
        try readOpenHeaders()
    }

    /// Whom an instruction went to and what it puts at stake is of interest until its effect is proved.
    private func readOpenHeaders() throws(CodecError) {
        for index in stages.indices where stages[index].isOpen {
            guard let intent = stages[index].intent, intent.known == nil else { continue }
            own(at: index).intent = try intent.withHeader()
        }
    }

    /// Takes one more entry in whose content is known already.
    func apply(_ content: consuming EntryContent, of entry: borrowing JournalEntry) {
        sequence = entry.sequence
        head = entry.link
        switch consume content {
        case .attempt(let attempt):
            own(entry.stage).lastAttempt = Dated(value: attempt, at: entry.at)
            if attempt.isFailure { own(entry.stage).failures += 1 }
            return
        case .stuck(let predicament):
            trouble = predicament
            return
        case .action(let body):
            apply(body.action, by: body.actor)
            if body.action == .retry || body.action == .resume { hastenedAt = entry.at }
            return
        case .intent(let body): own(entry.stage).intend(body, at: entry.at)
        case .receipt(let body): own(entry.stage).accept(Dated(value: body, at: entry.at))
        case .refused(let body):
            own(entry.stage).refusal = body
            hasRefusals = true
        case .notice(let body):
            own(entry.stage).notice = body
            noteProofs()
        case .found(let body):
            own(entry.stage).found = body
            noteProofs()
        case .resolved(let body):
            own(entry.stage).resolved = body
            noteProofs()
        case .value(let bytes): own(entry.stage).value = bytes
        case .slept: own(entry.stage).slept = true
        case .posted(let bytes): own(entry.stage).posted = bytes
        case .spawned(let body): own(entry.stage).spawned = body
        case .barrier(let body): own(entry.stage).barrier = body
        case .pivot: pivoted = true
        case .outcome(let body): outcome = body
        }
        trouble = nil
    }

    private func apply(_ action: OperatorAction, by actor: String) {
        let trouble = self.trouble
        self.trouble = nil
        switch action {
        case .retry: forgetFailures()
        case .resume:
            forgetFailures()
            guard let trouble else { return }
            if let notice = trouble.notice { own(trouble.stage).dismiss(notice) }
            if trouble.cause == .refused { own(trouble.stage).reopen() }
            if isFutileExclusion(trouble) || isFutileCallingOff(trouble) { mode = .forward }
        case .resolve(let stage, let outcome, let evidence):
            own(stage).resolution = Resolution(outcome: outcome, evidence: evidence, actor: actor)
        case .exclude: mode = .excluding
        case .discard: mode = .discarding
        case .cancel: mode = .compensating
        }
    }

    /// Whether the element could not be taken out because an instruction of it has had its effect.
    ///
    /// Only such a stage, or the saga as a whole, stands for that: a resolution that was not confirmed is impossible,
    /// too, but names the stage that waits, and must not turn a saga round that is being called off or taken out.
    private func isFutileExclusion(_ trouble: Predicament) -> Bool {
        trouble.cause == .impossible && mode == .excluding
            && (trouble.stage == .saga || self[trouble.stage].intent != nil)
    }

    /// Whether the saga could not be called off because something has moved; nothing has been put back then.
    private func isFutileCallingOff(_ trouble: Predicament) -> Bool {
        trouble.cause == .impossible && trouble.stage == .saga && isCalledOff && !pivoted
    }

    /// Whether an operator has called the saga off.
    var isCalledOff: Bool {
        switch mode {
        case .compensating, .discarding: true
        case .forward, .excluding: false
        }
    }

    /// Whether the saga was cancelled and has put nothing back so far, nor begun to.
    var hasPutNothingBack: Bool {
        mode == .compensating && !pivoted && trouble?.cause != .impossible
            && stages.allSatisfy { $0.intent == nil && $0.spawned == nil && $0.posted == nil }
    }

    /// A person had a hand in it: every stage has all its attempts again, at once.
    private func forgetFailures() {
        for name in stages.map(\.name) {
            let stage = own(name)
            stage.failures = 0
            stage.lastAttempt = nil
            stage.resolution = nil
        }
    }

    /// What is at stake: instructions that may have had an effect, and whose effect nothing proves yet.
    var exposures: [Exposure] {
        var open: [Exposure] = []
        for index in stages.indices where stages[index].isOpen {
            guard let exposure = stages[index].intent?.exposure, !isProved(stages[index].name) else { continue }
            open.append(exposure)
        }
        return open
    }

    /// Whether the journal proves that a stage's instruction has had its effect.
    func hasHadEffect(_ order: StageName) -> Bool {
        let stage = self[order]
        return stage.intent != nil && stage.refusal == nil && (stage.isProven || isProved(order))
    }

    /// Whether another stage holds the proof that this one's instruction has had its effect.
    func isProved(_ order: StageName) -> Bool {
        var index = 0
        while index < proved.count {
            if proved[index] == order { return true }
            index += 1
        }
        return false
    }

    private func noteProofs() {
        proved.removeAll(keepingCapacity: true)
        for stage in stages { stage.addProved(to: &proved) }
    }

    /// Whether the journal answers for a stage, wholly or in part.
    func hasEvidence(of stage: StageName) -> Bool {
        index(of: stage).map { stages[$0].isAnswered } ?? false
    }

    /// The effect's identity that a stage's instruction has now.
    func key(of stage: StageName, in saga: SagaID) -> IdempotencyKey {
        IdempotencyKey(saga: saga, stage: stage, refusals: self[stage].refusals)
    }
}
