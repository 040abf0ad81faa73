/// What a notice must say to be about a stage's instruction, and nothing else.
///
/// The time at which the counterparty says that it happened is left out on purpose: it is read off the counterparty's
/// clock, which may be slow or in another time zone, and ours may have jumped between the request and the notice. A
/// notice held against that would leave an approval that can never come, since its repetition says the same time. It
/// would prove nothing either: the reference is ours, unique for ever and signed with the rest.
struct AwaitedClaim: Sendable {
    /// Which of the counterparty's operations was asked for.
    let operation: String
    /// The counterparty's own name for the instruction, by its receipt.
    let receiptID: String
    /// What was asked for; a settlement must state all of it.
    let facts: Facts

    /// What a claim contradicts, in words for people; empty when it is about this very instruction.
    ///
    /// The operation and the counterparty's name for it count when they are stated: not every dialect has them. A
    /// refusal need not repeat what it refuses, but may name nothing else.
    func mismatches(with claim: Notice.Claim) -> [FactMismatch] {
        var found: [FactMismatch] = []
        if let stated = claim.operation, !stated.isSameBytes(as: operation) {
            found.append(FactMismatch(name: "operation", expected: operation, actual: stated))
        }
        if let stated = claim.receiptID, !stated.isSameBytes(as: receiptID) {
            found.append(FactMismatch(name: "id", expected: receiptID, actual: stated))
        }
        let differing = facts.mismatches(with: claim.facts)
        switch claim.verdict {
        case .settled: found += differing
        case .refused, .progress: found += differing.filter { $0.actual != nil }
        }
        return found
    }
}
