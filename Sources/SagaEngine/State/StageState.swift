/// What a saga's journal says about one of its stages.
///
/// A reference, since it is read far more often than changed and copying it would count every reference in it.
/// `@unchecked Sendable`: ``SagaState`` alone changes one, and only while nobody else refers to it.
final class StageState: @unchecked Sendable {
    let name: StageName
    /// How many refusals the counterparty has proved and an operator has answered with a resume.
    var refusals = 0
    var intent: Dated<IntentBody>?
    var receipt: Dated<ReceiptBody>?
    var refusal: RefusedBody?
    /// Attempts in vain since a person last had a hand in it.
    var failures = 0
    var lastAttempt: Dated<AttemptBody>?
    var notice: NoticeBody?
    var found: FoundBody?
    var resolved: ResolvedBody?
    /// What an operator wants this stage's wait to end with; the engine asks the counterparty before it believes it.
    var resolution: Resolution?
    var value: [UInt8]?
    var slept = false
    var posted: [UInt8]?
    var spawned: SpawnedBody?
    var barrier: BarrierBody?
    /// Notices that a person has looked at and set aside.
    var dismissed: Set<Int64> = []
    /// What was sent under the keys before the present one, all of them refused.
    var formerIntents: [IntentBody] = []

    /// A stage of which the journal says nothing.
    init(_ name: StageName = .saga) {
        self.name = name
    }

    /// The same in an object of its own.
    func copy() -> StageState {
        let copy = StageState(name)
        copy.refusals = refusals
        copy.intent = intent
        copy.receipt = receipt
        copy.refusal = refusal
        copy.failures = failures
        copy.lastAttempt = lastAttempt
        copy.notice = notice
        copy.found = found
        copy.resolved = resolved
        copy.resolution = resolution
        copy.value = value
        copy.slept = slept
        copy.posted = posted
        copy.spawned = spawned
        copy.barrier = barrier
        copy.dismissed = dismissed
        copy.formerIntents = formerIntents
        return copy
    }

    /// Whether an instruction of this stage may have had an effect that is not proved yet.
    var isOpen: Bool { intent != nil && refusal == nil && !isProven }

    /// Whether the effect of this stage is proved.
    var isProven: Bool {
        guard let receipt else { return false }
        return receipt.value.receipt.state == .settled
    }

    /// Whether this stage holds the evidence that another one's instruction has had its effect.
    func proves(_ order: StageName) -> Bool {
        notice?.order == order || found?.order == order || resolved?.order == order
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
        if let intent { formerIntents.append(intent.value) }
        intent = nil
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
