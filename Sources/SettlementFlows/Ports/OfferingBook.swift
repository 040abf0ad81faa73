/// Where offerings are kept: their investors, their subscription logs and their allotments, read and written in pages.
///
/// The order of use: load investors and subscriptions (each `beginLoad`, `add` page by page, `finish`), `seal` the
/// offering over what was loaded, `allot` it, then read its lines page by page. Memory never grows with the offering.
/// Nothing of a file shows before it is finished, of an offering before it is sealed, of an allotment before it is
/// published; and what is published is never worked out again.
///
/// Every call throws `OfferingBookError`.
public protocol OfferingBook: Sendable {
    /// Begins to load one file of an offering. The load shows nowhere until it is finished.
    func beginLoad(of offering: OfferingID, part: OfferingPart) async throws(OfferingBookError) -> LoadID

    /// Adds a page of investors, in file order, to a load of that part.
    func add(_ investors: [Numbered<Investor>], to load: LoadID) async throws(OfferingBookError)

    /// Adds a page of the subscription log, in file order, to a load of that part; throws at a time out of order.
    func add(_ events: [Numbered<SubscriptionEvent>], to load: LoadID) async throws(OfferingBookError)

    /// Ends a load and lets it take the place of an earlier one of the same part.
    ///
    /// Throws at an investor listed twice, and at an escrow, deposit or token account that stands there twice; the
    /// deposit and token account of one investor alone may be the same.
    func finish(_ load: LoadID) async throws(OfferingBookError) -> LoadedPart

    /// Gives a load up. A load that is gone already is no error.
    func abandon(_ load: LoadID) async throws(OfferingBookError)

    /// Checks the subscription log as a whole against the offering and its investors, works out every demand, and
    /// fixes the content of the offering for good.
    ///
    /// Sealing the same content again answers with the same digest; other content under the id is refused as
    /// `contentDiffers`, and an investor's account that is the issuer's or the treasury's as `badRows`. `investors`
    /// says whether the offering must have investors: settlement needs them; without them every investor in the log is
    /// taken as known. Where `content` says what was loaded, and somebody else has loaded other content since, that is
    /// refused as `contentReplaced`: nobody's terms are sealed over another's files.
    func seal(
        _ offering: Offering, investors: InvestorPolicy, over content: LoadedContent
    ) async throws(OfferingBookError) -> ContentDigest

    /// Allots a sealed offering and publishes its lines, or answers with what has been published.
    func allot(_ offering: OfferingID, input: ContentDigest) async throws(OfferingBookError) -> AllotmentSummary

    /// Up to `limit` published allotments in the byte order of investor ids, after the one named.
    func allotments(
        of offering: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [InvestorAllotment]

    /// The same with the investors' accounts; throws `notLoaded` when the offering was sealed without investors.
    func lines(
        of offering: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [AllotmentLine]

    /// The digests of a published offering, worked out anew over the rows as they stand, page by page.
    ///
    /// Every row that ``lines(of:input:after:limit:)`` and ``investor(_:in:input:)`` read is covered. The subscription
    /// log is not read again: once there are lines nothing is taken from it, and it counts by the digest kept of it.
    func digests(of offering: OfferingID, input: ContentDigest) async throws(OfferingBookError) -> RowDigests

    /// The published line of one investor, or nil when they have no live demand.
    func line(
        of investor: InvestorID, in offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> AllotmentLine?

    /// One investor of a sealed offering with what is personal, for preflight, bank refunds and mail; nil when unknown.
    func investor(
        _ id: InvestorID, in offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> Investor?

    /// The terms of a sealed offering and its digest, or nil when none is sealed under the id.
    func sealed(_ offering: OfferingID) async throws(OfferingBookError) -> SealedOffering?
}

extension OfferingBook {
    /// Seals an offering over what was loaded last, whoever has loaded it.
    public func seal(
        _ offering: Offering, investors: InvestorPolicy
    ) async throws(OfferingBookError) -> ContentDigest {
        try await seal(offering, investors: investors, over: LoadedContent())
    }
}

/// What somebody has loaded for an offering, by the digests that `finish` answered with; `nil` for whatever is there.
public struct LoadedContent: Sendable, Equatable {
    /// The investors.
    public var investors: ContentDigest?
    /// The subscription log.
    public var subscriptions: ContentDigest?

    /// States what was loaded.
    public init(investors: ContentDigest? = nil, subscriptions: ContentDigest? = nil) {
        self.investors = investors
        self.subscriptions = subscriptions
    }
}
