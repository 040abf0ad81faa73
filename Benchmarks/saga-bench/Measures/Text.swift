/// Numbers as people read them.
enum Text {
    static func decimal(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value * scale).rounded())
        let fraction = String(abs(scaled) % Int(scale))
        let whole = "\(scaled < 0 ? "-" : "")\(abs(scaled) / Int(scale))"
        return places == 0 ? whole : whole + "." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// Thousands with commas.
    static func count(_ value: Double) -> String {
        var digits = Substring(String(Int(value.rounded())))
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }

    static func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1_048_576, 0) + " MiB" }

    static func median(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.sorted()[values.count / 2]
    }

    /// The value below which a share of the ascending values lies.
    static func percentile(_ ascending: [UInt64], _ share: Double) -> Double {
        guard !ascending.isEmpty else { return .nan }
        return Double(ascending[min(ascending.count - 1, Int(Double(ascending.count) * share))])
    }
}
