public import SagaEngine

/// What a counterparty says that it moved, or is about to move, under one of our references.
public struct BookMovement: Hashable, Sendable {
    /// Our reference, in the party's format.
    public let reference: ByteText
    /// The party's own id of it; `nil` where it states none.
    public let id: ByteText?
    /// The asset.
    public let asset: ByteText
    /// How much, in major units as the party states it.
    public let amount: String
    /// The account that loses it; `nil` where units are made or only a gain is recorded.
    public let from: ByteText?
    /// The account that gains it; `nil` where only a loss is recorded. At the bank it is the investor's id.
    public let to: ByteText?
    /// Whether it has happened; otherwise it is taken in and still to come.
    public let isSettled: Bool

    /// States a movement.
    public init(
        reference: String, id: String? = nil, asset: String, amount: String, from: String?, to: String?, isSettled: Bool
    ) {
        self.reference = ByteText(reference)
        self.id = id.map { ByteText($0) }
        self.asset = ByteText(asset)
        self.amount = amount
        self.from = from.map { ByteText($0) }
        self.to = to.map { ByteText($0) }
        self.isSettled = isSettled
    }
}
