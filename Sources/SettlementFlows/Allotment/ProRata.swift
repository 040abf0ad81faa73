/// The largest-remainder rule in exact integers: products have 256 bits, nothing is rounded, ties have one total order.
public enum ProRata {
    /// One weight's part of the supply before the left-over units are given out.
    public struct Share: Hashable, Sendable {
        /// ⌊weight · supply / total⌋.
        public let quotient: UInt128
        /// (weight · supply) mod total, by which left-over units are given out.
        public let remainder: UInt128
    }

    /// What one demand gets, with its working.
    public struct Result: Hashable, Sendable {
        /// Who asked.
        public let investor: InvestorID
        /// What is allotted.
        public let allotted: Units
        /// The exact share; nil where everyone is served in full.
        public let share: Share?
        /// The place, from 1, in the order by which left-over units go; nil where everyone is served in full.
        public let rank: Int?
    }

    /// The share of `weight` in `supply`, where `total` is the sum of all weights and at least `weight` and 1.
    public static func share(of weight: UInt128, supply: UInt128, total: UInt128) -> Share {
        precondition(weight <= total && total > 0, "a weight is a part of the total")
        let product = weight.multipliedFullWidth(by: supply)
        // weight ≤ total makes the quotient at most the supply, so the division cannot overflow.
        let (quotient, remainder) = total.dividingFullWidth(product)
        return Share(quotient: quotient, remainder: remainder)
    }

    /// Allots `supply` over demands held in memory; results are in the order of the demands.
    ///
    /// Where the demand is no more than the supply, everyone gets what they asked for. Otherwise the units left over
    /// by the quotients go one each to the largest remainders; ties go to the earliest demand, then by the bytes of
    /// the investor id. An offering book does the same over pages. Throws `overflow` when the weights pass 128 bits.
    public static func allot(_ demands: [Demand], supply: Units) throws(MoneyError) -> [Result] {
        var total = Units.zero
        for demand in demands { total = try total.adding(demand.units) }
        guard total > supply else {
            return demands.map { Result(investor: $0.investor, allotted: $0.units, share: nil, rank: nil) }
        }
        let shares = demands.map { share(of: $0.units.count, supply: supply.count, total: total.count) }
        let leftOver = supply.count - shares.reduce(0) { $0 + $1.quotient }
        let order = demands.indices.sorted { left, right in
            precedes(demands[left], shares[left].remainder, demands[right], shares[right].remainder)
        }
        var ranks = Array(repeating: 0, count: demands.count)
        for (place, index) in order.enumerated() { ranks[index] = place + 1 }
        return demands.indices.map { index in
            let extra: UInt128 = UInt128(ranks[index]) <= leftOver ? 1 : 0
            return Result(
                investor: demands[index].investor, allotted: Units(shares[index].quotient + extra),
                share: shares[index], rank: ranks[index])
        }
    }

    /// supply / total to 15 decimals, cut and not rounded, for reports; nothing is reckoned with it.
    ///
    /// A total of zero has no ratio and reads `-`.
    public static func ratio(supply: Units, total: Units) -> String {
        guard total.count > 0 else { return "-" }
        let (whole, rest) = supply.count.quotientAndRemainder(dividingBy: total.count)
        let scaled = total.count.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000_000_000))
        let decimals = String(scaled.quotient)
        return "\(whole)." + String(repeating: "0", count: 15 - decimals.count) + decimals
    }

    private static func precedes(
        _ left: Demand, _ leftRemainder: UInt128, _ right: Demand, _ rightRemainder: UInt128
    ) -> Bool {
        if leftRemainder != rightRemainder { return leftRemainder > rightRemainder }
        if left.since != right.since { return left.since < right.since }
        return left.investor < right.investor
    }
}
