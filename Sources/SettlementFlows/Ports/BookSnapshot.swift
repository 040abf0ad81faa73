/// The counterparties' books during one walk through an offering's lines; an adapter may list them once and keep them.
public protocol BookSnapshot: Sendable {
    /// What the parties say about some accounts, in the order asked; at most ``BookAccount/largestPage`` at a time.
    func entries(of accounts: [BookAccount]) async throws -> [BookEntry]
}
