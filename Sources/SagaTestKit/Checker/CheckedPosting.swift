public import SagaEngine

/// One set of postings that one stage has caused.
public struct CheckedPosting: Sendable {
    /// The saga that caused it.
    public let saga: SagaID
    /// The stage that caused it.
    public let stage: StageName
    /// Its lines.
    public let lines: [Line]

    /// One account's change.
    public struct Line: Sendable {
        /// The account.
        public let account: String
        /// The asset.
        public let asset: String
        /// What it gains, in indivisible units.
        public let amount: Int128

        /// States a change.
        public init(account: String, asset: String, amount: Int128) {
            self.account = account
            self.asset = asset
            self.amount = amount
        }
    }

    /// Takes a set of postings as read.
    public init(saga: SagaID, stage: StageName, lines: [Line]) {
        self.saga = saga
        self.stage = stage
        self.lines = lines
    }
}
