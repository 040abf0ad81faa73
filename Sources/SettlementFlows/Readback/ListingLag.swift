internal import SagaEngine

/// A counterparty's books that are behind what it has confirmed; they are read again later.
struct ListingLag: StepFault {
    let party: CounterpartyName
    let what: String

    var code: String { "listing_lag" }
    var description: String { "the books of the \(party) are behind: \(what)" }
}
