/// What a saga's journal says about one of its stages.
struct StageState: Sendable {
    /// How many refusals the counterparty has proved and an operator has answered with a resume.
    var refusals = 0
    var intent: Dated<IntentBody>?
    var receipt: Dated<ReceiptBody>?
    @Boxed var refusal: RefusedBody?
    /// Attempts in vain since a person last had a hand in it.
    var failures = 0
    var lastAttempt: Dated<AttemptBody>?
    @Boxed var notice: NoticeBody?
    @Boxed var found: FoundBody?
    @Boxed var resolved: ResolvedBody?
    /// What an operator wants this stage's wait to end with; the engine asks the counterparty before it believes it.
    @Boxed var resolution: Resolution?
    var value: [UInt8]?
    var slept = false
    var posted: [UInt8]?
    @Boxed var spawned: SpawnedBody?
    @Boxed var barrier: BarrierBody?
    /// Notices that a person has looked at and set aside.
    var dismissed: Set<Int64> = []

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
    mutating func accept(_ answer: Dated<ReceiptBody>) {
        receipt = answer
        failures = 0
        lastAttempt = nil
    }

    /// Opens the stage again under its next key, after a proved refusal.
    mutating func reopen() {
        #if PLANTED_BUGS
            if Planted.is(.sameKeyAfterRefusal) { refusals -= 1 }
        #endif
        refusals += 1
        intent = nil
        receipt = nil
        refusal = nil
        failures = 0
        lastAttempt = nil
    }
}

/// An optional value behind one reference: few stages have it, and every copy of a stage's state would look at all of
/// it.
@propertyWrapper
struct Boxed<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private var box: Box?

    var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map { Box($0) } }
    }

    init(wrappedValue: Value? = nil) {
        box = wrappedValue.map { Box($0) }
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
