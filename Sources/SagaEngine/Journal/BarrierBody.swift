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
            #if PLANTED_BUGS
                if Planted.is(.floatingMoney) {
                    sums[index] = Tally.Amount(amount.name, Int128(Double(sums[index].value) + Double(amount.value)))
                    continue
                }
            #endif
            let (sum, overflow) = sums[index].value.addingReportingOverflow(amount.value)
            guard !overflow else {
                throw Halt(code: "sum_overflow", message: "the sum of \(amount.name) does not fit 128 bits")
            }
            sums[index] = Tally.Amount(amount.name, sum)
        }
    }
}
