internal import SagaEngine

/// An instruction of a line's saga, to be asked about where another instruction of the same line must not follow it.
struct LineEffect {
    let offering: OfferingID
    let investor: InvestorID
    /// The stage of the whole that the line's saga is started by.
    let part: OfferingSettlement.Stage
    let stage: StageName
    let party: CounterpartyName

    /// What a counterparty has under it, in words; `nil` when it has nothing.
    func standing(in books: any MovementBooks) async throws -> String? {
        guard let root = SagaID(rawValue: offering.rawValue), let element = ElementID(rawValue: investor.rawValue)
        else { throw Halt(code: "name_malformed", message: "\(offering)/\(investor) cannot be a saga's id") }
        let effect = BookEffect(party: party, saga: root.child(of: part.name, element: element), stage: stage)
        guard case .moved(let movement)? = try await books.movements(under: [effect]).first else { return nil }
        return "\(party), \(movement.reference): \(movement.words)" + (movement.isSettled ? "" : ", still to come")
    }
}
