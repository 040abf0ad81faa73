/// What becomes of a saga with an append.
public enum Disposition: Sendable, Equatable {
    /// Its holder carries on.
    case carryOn
    /// It can be claimed at once.
    case release
    /// It sleeps until one of these.
    case sleep(Wake)
    /// It has ended with this output; its parent is told.
    case end(output: [UInt8])
}

/// What wakes a sleeping saga.
public struct Wake: Sendable, Equatable {
    /// At this moment, if any.
    public let at: Timestamp?
    /// When a notice for it is stored.
    public let onNotice: Bool
    /// When none of its children is left unfinished.
    public let onChildren: Bool

    /// Says what wakes a saga; nothing at all means only an operator does.
    public init(at: Timestamp? = nil, onNotice: Bool = false, onChildren: Bool = false) {
        self.at = at
        self.onNotice = onNotice
        self.onChildren = onChildren
    }
}
