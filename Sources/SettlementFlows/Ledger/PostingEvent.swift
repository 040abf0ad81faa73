/// What happened, that a set of postings is about; each moves only between accounts of its own.
public enum PostingEvent: String, Hashable, Codable, Sendable, CaseIterable {
    /// The allotment was published: the books of the offering are opened.
    case published
    /// A line's books are opened with what the investor paid.
    case opened
    /// A line was funded: refunded and transferred.
    case funded
    /// A line was taken out: everything went back.
    case excluded
    /// A line's money went back, because the offering failed or was called off.
    case returned
    /// Units were made.
    case minted
    /// Units were delivered.
    case distributed

    /// Whether the event may move an account.
    func moves(_ account: LedgerAccount, of investor: InvestorID?) -> Bool {
        switch (self, account) {
        case (.opened, .custody), (.funded, .refunded), (.funded, .issuer), (.excluded, .refunded),
            (.returned, .refunded), (.minted, .treasury), (.minted, .issued), (.distributed, .treasury):
            true
        case (.opened, .escrow(let owner)), (.funded, .escrow(let owner)), (.excluded, .escrow(let owner)),
            (.returned, .escrow(let owner)), (.distributed, .units(let owner)):
            owner == investor
        case (.published, _), (.opened, _), (.funded, _), (.excluded, _), (.returned, _), (.minted, _),
            (.distributed, _):
            false
        }
    }
}
