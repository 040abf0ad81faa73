/// What a counterparty says that it moved, or is about to move, under one of our references.
public struct BookMovement: Hashable, Sendable {
    /// Our reference, in the party's format.
    public let reference: String
    /// The party's own id of it; `nil` where it states none.
    public let id: String?
    /// The asset.
    public let asset: String
    /// How much, in major units as the party states it.
    public let amount: String
    /// The account that loses it; `nil` where units are made or only a gain is recorded.
    public let from: String?
    /// The account that gains it; `nil` where only a loss is recorded. At the bank it is the investor's id.
    public let to: String?
    /// Whether it has happened; otherwise it is taken in and still to come.
    public let isSettled: Bool

    /// States a movement.
    public init(
        reference: String, id: String? = nil, asset: String, amount: String, from: String?, to: String?, isSettled: Bool
    ) {
        self.reference = reference
        self.id = id
        self.asset = asset
        self.amount = amount
        self.from = from
        self.to = to
        self.isSettled = isSettled
    }
}
