import Foundation
import SagaEngine
import SettlementFlows
import Testing

@Suite struct ProRataTests {
    private static func demands(_ weights: [UInt128], since: [Int64]? = nil) throws -> [Demand] {
        try weights.enumerated().map { index, weight in
            let digits = String(index)
            let id = try InvestorID("I" + String(repeating: "0", count: 6 - digits.count) + digits)
            return Demand(investor: id, units: Units(weight), since: Timestamp(milliseconds: since?[index] ?? 0))
        }
    }

    private static func allot(_ weights: [UInt128], _ supply: UInt128, since: [Int64]? = nil) throws -> [UInt128] {
        try ProRata.allot(try demands(weights, since: since), supply: Units(supply)).map(\.allotted.count)
    }

    @Test func `every published vector comes out`() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/vectors/allotment-vectors.json").standardizedFileURL
        let vectors = try #require(try JSONValue.parse([UInt8](Data(contentsOf: path))).arrayValue)
        #expect(vectors.count == 50)
        for vector in vectors {
            func numbers(_ key: String) -> [UInt128] {
                (vector[key]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap { UInt128($0) } }
            }
            let supply = try #require(vector["supply"]?.stringValue.flatMap { UInt128($0) })
            let weights = numbers("weights")
            #expect(!weights.isEmpty)
            #expect(try Self.allot(weights, supply) == numbers("result"), "\(vector["name"]?.stringValue ?? "")")
        }
    }

    @Test func `larger remainders come before ties`() throws {
        #expect(try Self.allot([16, 16, 18], 5) == [2, 1, 2])
        #expect(try Self.allot([999_999_999_999_999, 1, 1], 1) == [1, 0, 0])
    }

    @Test func `a tie goes to the earlier time, then to the lower id`() throws {
        #expect(try Self.allot([1, 1, 1], 1, since: [3, 2, 3]) == [0, 1, 0])
        #expect(try Self.allot([1, 1, 1], 2, since: [3, 2, 3]) == [1, 1, 0])
    }

    @Test func `a demand within the supply is served in full and without a working`() throws {
        let results = try ProRata.allot(try Self.demands([3, 4]), supply: Units(7))
        #expect(results.map(\.allotted.count) == [3, 4])
        #expect(results.allSatisfy { $0.share == nil && $0.rank == nil })
        #expect(try Self.allot([], 5).isEmpty)
    }

    @Test func `the parts keep the quota rule and sum to the supply, whatever their size`() throws {
        var generator = SplitMix(seed: 2_026)
        for _ in 0..<500 {
            let count = Int(generator.next() % 40) + 1
            let bits = generator.next() % 100
            let weights = (0..<count).map { _ in
                (UInt128(generator.next()) << 64 | UInt128(generator.next())) >> UInt128(28 + bits)
            }
            let total = weights.reduce(0, +)
            guard total > 1 else { continue }
            let supply = (UInt128(generator.next()) << 64 | UInt128(generator.next())) % total
            let results = try ProRata.allot(try Self.demands(weights), supply: Units(supply))
            #expect(results.reduce(0) { $0 + $1.allotted.count } == supply)
            #expect(Set(results.compactMap(\.rank)) == Set(1...count))
            for (weight, result) in zip(weights, results) {
                let share = try #require(result.share)
                // quotient · total + remainder = weight · supply, in 256 bits.
                let (high, low) = share.quotient.multipliedFullWidth(by: total)
                let sum = low.addingReportingOverflow(share.remainder)
                let product = weight.multipliedFullWidth(by: supply)
                #expect(sum.partialValue == product.low && high + (sum.overflow ? 1 : 0) == product.high)
                #expect(share.remainder < total)
                #expect(result.allotted.count == share.quotient || result.allotted.count == share.quotient + 1)
                #expect(result.allotted.count <= weight)
            }
        }
    }

    @Test func `weights beyond 128 bits are refused`() throws {
        #expect(throws: MoneyError.overflow) { try Self.allot([.max, 1], 1) }
    }

    @Test func `the ratio is cut to 15 decimals`() {
        #expect(ProRata.ratio(supply: Units(1), total: Units(3)) == "0.333333333333333")
        #expect(ProRata.ratio(supply: Units(2), total: Units(3)) == "0.666666666666666")
        #expect(ProRata.ratio(supply: Units(7), total: Units(2)) == "3.500000000000000")
        #expect(ProRata.ratio(supply: Units(1), total: Units(1_000_000_000_000)) == "0.000000000001000")
        #expect(ProRata.ratio(supply: Units(1), total: Units(0)) == "-")
    }

    @Test func `money of a line adds up and comes from the units alone`() throws {
        let line = try InvestorAllotment(
            investor: InvestorID("A"), subscribed: Units(691), allotted: Units(504),
            unitPrice: Money(.sgd, minorUnits: 507), working: nil)
        #expect(line.payable.text == "2555.28")
        #expect(line.refund.text == "948.09")
        #expect(try line.payable.adding(line.refund) == line.paid)
        #expect(throws: MoneyError.negative) {
            try InvestorAllotment(
                investor: InvestorID("A"), subscribed: Units(1), allotted: Units(2),
                unitPrice: Money(.sgd, minorUnits: 1), working: nil)
        }
    }
}
