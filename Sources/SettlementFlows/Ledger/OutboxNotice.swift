public import SagaEngine

/// Something to be told to a person, kept in the transaction that makes it true; sending it holds nothing up.
public struct OutboxNotice: Hashable, Codable, Sendable, JSONReadable, JSONWritable {
    /// What is told.
    public enum Subject: String, Hashable, Codable, Sendable, CaseIterable {
        /// To an investor: their line is funded, and what went back.
        case funded
        /// To an investor: their line was taken out, and everything went back.
        case excluded
        /// To an investor: the offering did not go through, and everything went back.
        case returned
        /// To an investor: their units are delivered.
        case distributed
        /// To the issuer: the offering is settled, or all is refunded.
        case closed
    }

    /// The kind of record that carries a notice.
    public static let recordKind = "outbox"

    /// About which offering.
    public let offering: OfferingID
    /// To which investor; `nil` for the issuer.
    public let investor: InvestorID?
    /// What.
    public let subject: Subject
    /// The figures it names, as texts in major units.
    public let figures: [String]

    init(offering: OfferingID, investor: InvestorID?, subject: Subject, figures: [String]) {
        self.offering = offering
        self.investor = investor
        self.subject = subject
        self.figures = figures
    }

    /// Reads the object that its `Encodable` makes.
    public init(_ object: JSONObject) throws(CodecError) {
        self.init(
            offering: try object.choice("offering"),
            investor: object.has("investor") ? try object.choice("investor") : nil,
            subject: try object.choice("subject"), figures: try object.strings("figures"))
    }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("offering", offering)
            if let investor { line.member("investor", investor) }
            line.member("subject", subject)
            line.array("figures", of: figures)
        }
    }
}
