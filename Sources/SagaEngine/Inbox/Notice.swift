/// A counterparty's callback as it came in: verified, stored, and only then acknowledged.
public struct Notice: Sendable, Equatable {
    /// Which counterparty's webhook it came to.
    public let source: CounterpartyName
    /// The counterparty's own id of this notice, the same over its repetitions.
    public let id: String
    /// What it says, read by the adapter from the verified bytes.
    public let claim: Claim
    /// The body as received, byte for byte.
    public let body: [UInt8]
    /// The headers that were signed, as received, one `name: value` a line.
    public let headers: String

    /// What a notice claims.
    public struct Claim: Sendable, Equatable, Codable {
        /// Our own reference, as the request carried it.
        public let reference: String
        /// What became of it.
        public let verdict: Verdict
        /// Amount, asset, accounts, as the counterparty states them.
        public let facts: Facts
        /// Which of the counterparty's operations it is about; `nil` when it does not say.
        public let operation: String?
        /// The counterparty's own name for what it is about, as its receipt has it; `nil` when it does not say.
        public let receiptID: String?

        /// States a claim; an empty operation or id says as much as none, and is none in every store.
        public init(
            reference: String, verdict: Verdict, facts: Facts, operation: String? = nil, receiptID: String? = nil
        ) {
            self.reference = reference
            self.verdict = verdict
            self.facts = facts
            self.operation = operation.flatMap { $0.isEmpty ? nil : $0 }
            self.receiptID = receiptID.flatMap { $0.isEmpty ? nil : $0 }
        }

        /// Whether both cannot be true of one instruction: the verdicts are opposite, or both are final and state a
        /// fact, the operation or the counterparty's own name for it otherwise.
        ///
        /// What only one of them states contradicts nothing.
        public func contradicts(_ other: Claim) -> Bool {
            if verdict.contradicts(other.verdict) { return true }
            guard verdict.isFinal, other.verdict.isFinal else { return false }
            return facts.contradict(other.facts) || Self.differ(operation, other.operation)
                || Self.differ(receiptID, other.receiptID)
        }

        private static func differ(_ one: String?, _ other: String?) -> Bool {
            guard let one, let other else { return false }
            return !one.isSameBytes(as: other)
        }
    }

    /// What a notice says happened.
    public enum Verdict: Sendable, Equatable, Codable {
        /// It is done; for an approval, it is approved.
        case settled
        /// It will not be done.
        case refused(RefusalReason)
        /// It is on its way; says nothing final.
        case progress(String)

        /// Whether nothing else can come after it.
        public var isFinal: Bool {
            switch self {
            case .settled, .refused: true
            case .progress: false
            }
        }

        /// Whether both cannot be true of one instruction: that it is done, and that it will not be.
        public func contradicts(_ other: Verdict) -> Bool {
            switch (self, other) {
            case (.settled, .refused), (.refused, .settled): true
            case (.settled, _), (.refused, _), (.progress, _): false
            }
        }
    }

    /// Which instruction it is about.
    public var reference: SentReference { SentReference(source: source, reference: claim.reference) }

    /// The same as it is read back where its bytes are of no interest.
    public var withoutBody: Notice { Notice(source: source, id: id, claim: claim, body: [], headers: headers) }

    /// Whether another notice says the same of the same instruction, in whichever words: that it is done, or that it
    /// will not be.
    public func saysTheSame(as other: Notice) -> Bool {
        guard reference == other.reference else { return false }
        return switch (claim.verdict, other.claim.verdict) {
        case (.settled, .settled), (.refused, .refused), (.progress, .progress): true
        case (.settled, _), (.refused, _), (.progress, _): false
        }
    }

    /// Takes a verified notice.
    public init(source: CounterpartyName, id: String, claim: Claim, body: [UInt8], headers: String) {
        self.source = source
        self.id = id
        self.claim = claim
        self.body = body
        self.headers = headers
    }
}
