public import SagaEngine

/// The judge: reads the store and the counterparties' own journals, and believes neither the engine nor its state.
public struct Checker {
    let world: CheckedWorld
    let digest: any Digest
    let folds: [SagaID: JournalFold]
    let rowOf: [SagaID: SagaRow]

    /// Takes a world and folds its journals anew.
    public init(_ world: CheckedWorld, digest: any Digest) {
        self.world = world
        self.digest = digest
        var folds: [SagaID: JournalFold] = [:]
        for saga in world.sagas {
            let ownPivot = saga.journal.contains { $0.kind == .pivot }
            folds[saga.row.id] = JournalFold(of: saga, inheritsPivot: saga.row.standing.pivoted && !ownPivot)
        }
        self.folds = folds
        rowOf = Dictionary(world.sagas.map { ($0.row.id, $0.row) }) { first, _ in first }
    }

    /// An invariant under its name.
    public struct Invariant: Sendable {
        /// Its short name.
        public let name: String
        /// What it says.
        public let claim: String
        let check: @Sendable (Checker) -> [Violation]
    }

    /// All invariants, in order.
    public static let invariants: [Invariant] = [
        Invariant(name: "I1", claim: "postings sum to zero and belong to one posted stage each") { $0.conservation() },
        Invariant(name: "I2", claim: "each key has at most one effect, each finished stage exactly one") {
            $0.oneEffect()
        },
        Invariant(name: "I3", claim: "a key is saga, stage and proved refusals; same key, same bytes") {
            $0.keyPurity()
        },
        Invariant(name: "I4", claim: "each effect has an earlier durable intent") { $0.intentBeforeEffect() },
        Invariant(name: "I5", claim: "approval comes before what is posted or recorded because of it") {
            $0.approvalBeforeRecord()
        },
        Invariant(name: "I6", claim: "the mint comes after all money has come") { $0.mintLast() },
        Invariant(name: "I7", claim: "money and units are those of the allotment") { $0.amounts() },
        Invariant(name: "I8", claim: "only declared transitions; the end absorbs") { $0.transitions() },
        Invariant(name: "I9", claim: "unknown is not failed") { $0.unknownIsNotFailed() },
        Invariant(name: "I10", claim: "what has ended is whole") { $0.whole() },
        Invariant(name: "I11", claim: "nothing is lost") { $0.nothingLost() },
        Invariant(name: "I12", claim: "sequences have no gaps") { $0.gapFree() },
        Invariant(name: "I13", claim: "a callback counts once and is never lost") { $0.callbacks() },
        Invariant(name: "I14", claim: "the journal's fold is the stored state") { $0.foldIsState() },
        Invariant(name: "I15", claim: "the chain links") { $0.chainLinks() },
        Invariant(name: "L1", claim: "a request is sent again only after asking") { $0.askFirst() },
    ]

    /// Every violation of every invariant.
    public func violations() -> [Violation] {
        Self.invariants.flatMap { $0.check(self) }
    }

    /// Faults that the folds themselves have found, by invariant.
    func faults(_ invariant: String) -> [Violation] {
        world.sagas.flatMap { folds[$0.row.id]?.faults.filter { $0.invariant == invariant } ?? [] }
    }

    /// All instructions of all journals.
    var orders: [(saga: SagaID, order: JournalFold.Order)] {
        world.sagas.flatMap { saga in (folds[saga.row.id]?.orders ?? []).map { (saga.row.id, $0) } }
    }

    /// Where a reference belongs at a counterparty.
    struct Address: Hashable {
        let party: String
        let reference: String
    }

    /// The instruction of each reference.
    var orderOf: [Address: (saga: SagaID, order: JournalFold.Order)] {
        Dictionary(orders.map { (Address(party: $1.party, reference: $1.reference), ($0, $1)) }) { first, _ in first }
    }
}

extension PartyFact {
    var address: Checker.Address { Checker.Address(party: party.rawValue, reference: reference) }

    var effect: (number: Int, operation: String, facts: Facts)? {
        if case .effect(let number, let operation, let facts) = kind { (number, operation, facts) } else { nil }
    }

    var isRefusal: Bool {
        if case .refused = kind { true } else { false }
    }
}
