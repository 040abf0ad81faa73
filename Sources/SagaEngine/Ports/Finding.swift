/// What the counterparty says about a key.
public enum Finding: Sendable, Equatable {
    /// It has the instruction.
    case found(Receipt, Exchange)
    /// It had the instruction and refused it.
    case refused(RefusalReason, Exchange)
    /// It does not know the key. Proof only after the declared quiet time.
    case absent(Exchange)
    /// It cannot tell yet, or could not be asked.
    case notYetKnown(CallFailure, Exchange)
}
