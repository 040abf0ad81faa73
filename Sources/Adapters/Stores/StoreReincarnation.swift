/// That a store was opened after a restore, and how its database stood to its anchor then.
public struct StoreReincarnation: Sendable, Equatable {
    /// The life of the data that the database was in.
    public let old: Int
    /// The one that has begun.
    public let new: Int
    /// How the database stood to its anchor before that was replaced.
    public let standing: AnchorStanding
}
