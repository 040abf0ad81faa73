/// Which part of an investor's money goes back to them.
public enum RefundShare: String, Hashable, Codable, Sendable, CaseIterable {
    /// The money of the units they were not allotted.
    case unallotted
    /// What is left after that, when their line is taken out of the settlement.
    case rest
    /// Everything they paid, when the offering fails or is called off.
    case whole
}
