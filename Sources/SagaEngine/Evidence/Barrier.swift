/// What one child contributes to the proof that all of a stage's children have ended.
public protocol Tallied {
    /// The child's contribution.
    var tally: Tally { get }
}

/// Named sums, and whether the element was taken out.
public struct Tally: Sendable, Equatable, Codable {
    /// Name and amount, in a fixed order.
    public let amounts: [Amount]
    /// Whether the element was taken out of the whole.
    public let excluded: Bool

    /// One named sum.
    public struct Amount: Sendable, Equatable, Codable {
        /// What is summed.
        public let name: String
        /// The sum.
        public let value: Int128

        /// Names a sum.
        public init(_ name: String, _ value: Int128) {
            self.name = name
            self.value = value
        }
    }

    /// Describes a contribution.
    public init(_ amounts: [Amount], excluded: Bool = false) {
        self.amounts = amounts
        self.excluded = excluded
    }
}

/// What a `barrier` entry holds: the proof that all children ended, with digest, counts and sums.
struct BarrierBody: Codable, Sendable, Equatable {
    var source: String
    var count: Int
    var excluded: Int
    var digest: String
    var sums: [Tally.Amount]

    /// The sums grow by one child's contribution.
    ///
    /// - Throws: ``Halt`` when a sum would not fit 128 bits.
    mutating func add(_ tally: Tally) throws(Halt) {
        count += 1
        if tally.excluded { excluded += 1 }
        for amount in tally.amounts {
            guard let index = sums.firstIndex(where: { $0.name == amount.name }) else {
                sums.append(amount)
                continue
            }
            let (sum, overflow) = sums[index].value.addingReportingOverflow(amount.value)
            guard !overflow else {
                throw Halt(code: "sum_overflow", message: "the sum of \(amount.name) does not fit 128 bits")
            }
            sums[index] = Tally.Amount(amount.name, sum)
        }
    }
}
