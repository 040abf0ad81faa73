internal import SagaEngine

/// Compares a proof of funding with the allotment as published: every line once, every cent and every unit.
enum FundingCheck {
    static func check(_ funded: AllSettled<Funding>, against summary: AllotmentSummary) throws(Halt) {
        let units = try sum(funded.sum(of: Funding.units), funded.sum(of: Funding.excludedUnits), "units")
        let money = try sum(funded.sum(of: Funding.refunded), funded.sum(of: Funding.transferred), "money")
        var differences: [String] = []
        func compare(_ what: String, _ proved: Int128, _ published: Int128) {
            if proved != published { differences.append("\(what): proved \(proved), published \(published)") }
        }
        compare("lines", Int128(funded.count), Int128(summary.investors))
        compare("paid", funded.sum(of: Funding.paid), summary.paid.minorUnits)
        compare("refunded and transferred", money, summary.paid.minorUnits)
        compare("units", units, try summary.allotted.signed)
        guard differences.isEmpty else {
            throw Halt(
                code: "funding_differs",
                message: "the funded lines of \(summary.offering) are not the published ones: "
                    + differences.joined(separator: "; "))
        }
    }

    private static func sum(_ left: Int128, _ right: Int128, _ what: String) throws(Halt) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw Halt(code: "sum_overflow", message: "the sum of \(what) does not fit 128 bits") }
        return sum
    }
}
