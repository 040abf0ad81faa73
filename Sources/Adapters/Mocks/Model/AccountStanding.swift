/// Whether an account may be used.
public enum AccountStanding: String, Sendable, Codable, CaseIterable {
    /// It may pay and receive.
    case open
    /// It may neither pay nor receive for now.
    case frozen
    /// It may never pay or receive again.
    case closed
}
