public import SagaEngine

/// Delivers one investor's units, and lets the books say so once the custodian has approved it.
///
/// Units that cannot be delivered stay in the treasury in the investor's name: the line closes as held.
public struct UnitDistribution: EntrustedSaga, Excludable {
    /// What goes in.
    public typealias Input = Funding
    /// What comes out.
    public typealias Output = Distribution
    /// The evidence it runs on.
    public typealias Given = Approved<Mint>

    /// The flow's durable name.
    public static let name = "unit-distribution"

    /// Deliver, see it approved, post, record; and, after a restore, a look before units are held that they were not
    /// delivered.
    public enum Stage: String, SagaStage { case deliver, delivered, post, record, notDelivered }

    /// Units that are delivered cannot be held.
    public static var excludedBy: [Stage] { [.deliver] }
    /// What becomes of a line that is taken out.
    public static var exclusion: String {
        "nothing is refunded: its money stays with the issuer, its units are held in the treasury"
    }

    private let books: any MovementBooks
    private let patience: SettlementPatience

    /// A flow that looks for forgotten movements in these books, and waits for the custodian as patiently as told.
    public init(books: any MovementBooks, patience: SettlementPatience = .standard) {
        self.books = books
        self.patience = patience
    }

    /// Delivers a funded line's units out of the approved mint.
    public func run(
        _ funding: Funding, given minted: Approved<Mint>, in saga: SagaContext<Stage>
    ) async throws -> Distribution {
        guard funding.units > .zero else { return Distribution(funding, isHeld: false) }
        let order = try await saga.send(.deliver, UnitDelivery(funding, from: minted))
        let approved = try await saga.receive(.delivered, from: order, within: patience.approval)
        let posting = try await saga.post(.post, Posting.distributed(approved))
        _ = try await saga.send(.record, ChainRecord(of: posting, approvedBy: approved))
        return Distribution(funding, isHeld: false)
    }

    /// Leaves the units where they are.
    public func exclude(_ funding: Funding, in saga: SagaContext<Stage>) async throws -> Distribution {
        try await saga.lookBack(.notDelivered) {
            let effect = LineEffect(
                offering: funding.offering, investor: funding.investor, part: .distribute, stage: Stage.deliver.name,
                party: Parties.custodian)
            guard let delivery = try await effect.standing(in: books) else { return true }
            throw CannotTurnBack(
                message: "\(funding.investor)'s units cannot be held, because they were delivered: \(delivery); "
                    + "resume goes forward and takes it as it is")
        }
        return Distribution(funding, isHeld: true)
    }
}
