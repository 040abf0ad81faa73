/// What a saga's journal says about one of its stages.
///
/// A reference, since it is read far more often than changed and copying it would count every reference in it.
/// `@unchecked Sendable`: ``SagaState`` alone changes one, and only while nobody else refers to it.
final class StageState: @unchecked Sendable {
    let name: StageName
    /// How many refusals the counterparty has proved and an operator has answered with a resume.
    var refusals = 0
    var intent: IntentBody?
    /// When the journal has the intent from.
    private(set) var intendedAt: Timestamp?
    var receipt: Dated<ReceiptBody>?
    /// Attempts in vain since a person last had a hand in it.
    var failures = 0
    var notice: NoticeBody?
    var value: [UInt8]?
    var slept = false
    var posted: [UInt8]?
    /// What few stages have, in one place that the others do without.
    private var rest: Rest?

    /// What the journal says about a stage that did not simply go through, or that has children.
    ///
    /// `@unchecked Sendable`: it belongs to one stage's state and is changed with it alone.
    private final class Rest: @unchecked Sendable {
        var refusal: RefusedBody?
        var lastAttempt: Dated<AttemptBody>?
        var found: FoundBody?
        var resolved: ResolvedBody?
        var resolution: Resolution?
        var spawned: SpawnedBody?
        var barrier: BarrierBody?
        var dismissed: Set<Int64> = []
        var formerIntents: [IntentBody] = []

        func copy() -> Rest {
            let copy = Rest()
            copy.refusal = refusal
            copy.lastAttempt = lastAttempt
            copy.found = found
            copy.resolved = resolved
            copy.resolution = resolution
            copy.spawned = spawned
            copy.barrier = barrier
            copy.dismissed = dismissed
            copy.formerIntents = formerIntents
            return copy
        }
    }

    /// A stage of which the journal says nothing.
    init(_ name: StageName = .saga) {
        self.name = name
    }

    /// The same in an object of its own.
    func copy() -> StageState {
        let copy = StageState(name)
        copy.refusals = refusals
        copy.intent = intent
        copy.intendedAt = intendedAt
        copy.receipt = receipt
        copy.failures = failures
        copy.notice = notice
        copy.value = value
        copy.slept = slept
        copy.posted = posted
        copy.rest = rest?.copy()
        return copy
    }

    /// The rest to be changed; none is made to hold nothing.
    private func rest(toHold isSomething: Bool) -> Rest? {
        if rest == nil, isSomething { rest = Rest() }
        return rest
    }

    var refusal: RefusedBody? {
        get { rest?.refusal }
        set { rest(toHold: newValue != nil)?.refusal = newValue }
    }

    var lastAttempt: Dated<AttemptBody>? {
        get { rest?.lastAttempt }
        set { rest(toHold: newValue != nil)?.lastAttempt = newValue }
    }

    var found: FoundBody? {
        get { rest?.found }
        set { rest(toHold: newValue != nil)?.found = newValue }
    }

    var resolved: ResolvedBody? {
        get { rest?.resolved }
        set { rest(toHold: newValue != nil)?.resolved = newValue }
    }

    /// What an operator wants this stage's wait to end with; the engine asks the counterparty before it believes it.
    var resolution: Resolution? {
        get { rest?.resolution }
        set { rest(toHold: newValue != nil)?.resolution = newValue }
    }

    var spawned: SpawnedBody? {
        get { rest?.spawned }
        set { rest(toHold: newValue != nil)?.spawned = newValue }
    }

    var barrier: BarrierBody? {
        get { rest?.barrier }
        set { rest(toHold: newValue != nil)?.barrier = newValue }
    }

    /// Notices that a person has looked at and set aside.
    var dismissed: Set<Int64> { rest?.dismissed ?? [] }

    /// What was sent under the keys before the present one, all of them refused.
    var formerIntents: [IntentBody] { rest?.formerIntents ?? [] }

    func dismiss(_ notice: Int64) {
        _ = rest(toHold: true)?.dismissed.insert(notice)
    }

    /// Takes the request that is about to be sent. What could not be asked about before that uses up none of its
    /// attempts.
    func intend(_ body: IntentBody, at moment: Timestamp) {
        intent = body
        intendedAt = moment
        failures = 0
        lastAttempt = nil
    }

    /// Whether an instruction of this stage may have had an effect that is not proved yet.
    var isOpen: Bool { intent != nil && !isProven && (rest == nil || refusal == nil) }

    /// Whether the effect of this stage is proved.
    var isProven: Bool {
        guard let receipt else { return false }
        return receipt.value.receipt.state == .settled
    }

    /// Adds the stages whose instructions this one holds the proof of that they have had their effect.
    func addProved(to orders: inout [StageName]) {
        if let notice { orders.append(notice.order) }
        if let found { orders.append(found.order) }
        if let resolved { orders.append(resolved.order) }
    }

    /// Takes the counterparty's word that it has the instruction.
    func accept(_ answer: Dated<ReceiptBody>) {
        receipt = answer
        failures = 0
        lastAttempt = nil
    }

    /// Opens the stage again under its next key, after a proved refusal.
    func reopen() {
        #if PLANTED_BUGS
            if Planted.is(.sameKeyAfterRefusal) { refusals -= 1 }
        #endif
        refusals += 1
        if let intent { rest(toHold: true)?.formerIntents.append(intent) }
        intent = nil
        intendedAt = nil
        receipt = nil
        refusal = nil
        failures = 0
        lastAttempt = nil
    }
}

/// A value and when the journal has it from. One reference, since a replay hands states on by copying them.
final class Dated<Value: Sendable>: Sendable {
    let value: Value
    let at: Timestamp

    init(value: Value, at: Timestamp) {
        self.value = value
        self.at = at
    }
}

/// An operator's word on how a wait should end.
struct Resolution: Sendable {
    var outcome: OperatorAction.Resolution
    var evidence: String
    var actor: String
}
