public import SagaEngine

/// One instruction that an offering's settlement gives: what a counterparty may have moved under our own references.
///
/// It is named by saga and stage alone. A proved refusal gives the instruction a new reference, so a counterparty is
/// asked about the one that it did not refuse, whichever number that bears.
public struct BookEffect: Hashable, Sendable {
    /// The most effects asked about at a time.
    public static let largestPage = 2_000

    /// Whose books.
    public let party: CounterpartyName
    /// The saga that gives the instruction.
    public let saga: SagaID
    /// The stage that does.
    public let stage: StageName

    /// Names an effect.
    public init(party: CounterpartyName, saga: SagaID, stage: StageName) {
        self.party = party
        self.saga = saga
        self.stage = stage
    }

    /// The key after so many proved refusals, from which the adapter renders the party's reference.
    public func key(afterRefusals refusals: Int) -> IdempotencyKey {
        IdempotencyKey(saga: saga, stage: stage, refusals: refusals)
    }
}
