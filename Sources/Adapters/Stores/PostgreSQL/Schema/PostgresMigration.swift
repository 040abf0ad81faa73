/// One numbered step of the schema, with the reason for it. Steps that were released are never edited.
public struct PostgresMigration: Sendable, Equatable {
    /// The version the schema has after it, from 1 without gaps.
    public let number: Int
    /// Why it is there, for the operator who runs `migrate`.
    public let reason: String
    /// What it does.
    let script: String
}
