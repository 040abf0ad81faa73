public import SagaEngine

/// Postings that stand or fall together: per asset they come to zero.
public struct PostingSet: Hashable, Codable, Sendable, JSONReadable, JSONWritable {
    /// One account's change.
    public struct Leg: Hashable, Codable, Sendable, JSONReadable, JSONWritable {
        /// The account.
        public let account: LedgerAccount
        /// The asset.
        public let asset: String
        /// What the account gains, in minor units or whole units; below zero for what it loses.
        public let gain: Int128

        /// States a change.
        public init(_ account: LedgerAccount, _ asset: String, _ gain: Int128) {
            self.account = account
            self.asset = asset
            self.gain = gain
        }

        /// Reads the object that its `Encodable` makes.
        public init(_ object: JSONObject) throws(CodecError) {
            guard let account = LedgerAccount(try object.string("account")) else { throw object.refusal(of: "account") }
            self.init(account, try object.string("asset"), try object.integer("gain"))
        }

        /// Writes the object that its `Encodable` makes.
        public func write(to line: inout JSONLine) throws(CodecError) {
            try line.object { line throws(CodecError) in
                line.member("account", account.description)
                line.member("asset", asset)
                line.member("gain", gain)
            }
        }
    }

    /// What bounds an offering or a line from its opening on.
    public struct Bounds: Hashable, Codable, Sendable, JSONReadable, JSONWritable {
        /// The currency that money is held in; no other may move.
        public let currency: String
        /// What was paid, in minor units.
        public let paid: Int128
        /// What units are units of; no other may move.
        public let token: String
        /// The units allotted.
        public let allotted: Int128

        /// States bounds.
        public init(currency: String, paid: Int128, token: String, allotted: Int128) {
            self.currency = currency
            self.paid = paid
            self.token = token
            self.allotted = allotted
        }

        /// Reads the object that its `Encodable` makes.
        public init(_ object: JSONObject) throws(CodecError) {
            self.init(
                currency: try object.string("currency"), paid: try object.integer("paid"),
                token: try object.string("token"), allotted: try object.integer("allotted"))
        }

        /// Writes the object that its `Encodable` makes.
        public func write(to line: inout JSONLine) throws(CodecError) {
            try line.object { line throws(CodecError) in
                line.member("currency", currency)
                line.member("paid", paid)
                line.member("token", token)
                line.member("allotted", allotted)
            }
        }
    }

    /// The kind of record that carries a set.
    public static let recordKind = "ledger"

    /// Whose books they are.
    public let offering: OfferingID
    /// What happened.
    public let event: PostingEvent
    /// Whose line it is about, if it is about one.
    public let investor: InvestorID?
    /// The changes.
    public let legs: [Leg]
    /// The bounds, where the event opens something.
    public let bounds: Bounds?
    /// Allotted units that are not made because their lines were taken out, where units are made.
    public let excludedUnits: Int128?

    /// Puts a set together; nothing is checked before it is applied.
    public init(
        offering: OfferingID, event: PostingEvent, investor: InvestorID? = nil, legs: [Leg], bounds: Bounds? = nil,
        excludedUnits: Int128? = nil
    ) {
        self.offering = offering
        self.event = event
        self.investor = investor
        self.legs = legs
        self.bounds = bounds
        self.excludedUnits = excludedUnits
    }

    /// Reads the object that its `Encodable` makes.
    public init(_ object: JSONObject) throws(CodecError) {
        self.init(
            offering: try object.choice("offering"), event: try object.choice("event"),
            investor: object.has("investor") ? try object.choice("investor") : nil, legs: try object.array("legs"),
            bounds: object.has("bounds") ? try object.value("bounds") : nil,
            excludedUnits: object.has("excludedUnits") ? try object.integer("excludedUnits") : nil)
    }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("offering", offering)
            line.member("event", event)
            if let investor { line.member("investor", investor) }
            try line.array("legs", of: legs)
            if let bounds { try line.member("bounds", bounds) }
            if let excludedUnits { line.member("excludedUnits", excludedUnits) }
        }
    }
}
