/// One field of a cron expression: what it may hold, and how its text becomes a set of values.
struct CronField {
    /// The field as a person knows it.
    let name: String
    /// The least value.
    let first: Int
    /// The largest value.
    let last: Int
    /// Names for the values from `first` on.
    var names: [String] = []

    static let minute = CronField(name: "minute", first: 0, last: 59)
    static let hour = CronField(name: "hour", first: 0, last: 23)
    static let day = CronField(name: "day of month", first: 1, last: 31)
    static let month = CronField(
        name: "month", first: 1, last: 12,
        names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
    /// 7 is Sunday, too, and is read as such behind a dash as well.
    static let weekday = CronField(
        name: "day of week", first: 0, last: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])

    /// The values of a text, bit by bit: a list of `*`, a value or `from-to`, each of the ranges with `/step`.
    func values(_ text: Substring) throws(CronError) -> UInt64 {
        var values: UInt64 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            for value in try range(of: part) { values |= 1 << UInt64(value) }
        }
        return values
    }

    private func range(of part: Substring) throws(CronError) -> StrideThrough<Int> {
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let bounds = halves[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        var (from, to) = (first, last)
        if halves[0] != "*" {
            from = try value(bounds[0], in: part)
            to = bounds.count == 2 ? try value(bounds[1], in: part) : from
            // Sunday ends a week as well as it begins one.
            if self.names.first == "SUN", bounds.count == 2, to == 0, from > 0 { to = 7 }
            if from > to {
                throw CronError(name, "'\(shown(part))' runs backwards", "write two ranges: \(wrapped(from, to))")
            }
        }
        guard halves.count == 2 else { return stride(from: from, through: to, by: 1) }
        guard halves[0] == "*" || bounds.count == 2 else {
            throw CronError(
                name, "'\(shown(part))' has a step and no range", "write \(from)-\(last)/\(shown(halves[1]))")
        }
        guard let step = number(halves[1]), (1...last).contains(step) else {
            throw CronError(name, "'\(shown(part))' has no step from 1 to \(last)", "write for example \(example)")
        }
        return stride(from: from, through: to, by: step)
    }

    private func value(_ text: Substring, in part: Substring) throws(CronError) -> Int {
        if let place = names.firstIndex(of: text.uppercased()) { return first + place }
        if let number = number(text), (first...last).contains(number) { return number }
        let allowed = "\(first) to \(last)" + (names.isEmpty ? "" : " or \(names[0]) to \(names[names.count - 1])")
        throw CronError(name, "'\(shown(part))' is none of its values", "write \(allowed), or for example \(example)")
    }

    /// Digits alone: neither a sign nor a numeral of another script.
    private func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 2, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private var example: String { "*, \(first), \(first)-\(last), \(first)-\(last)/2 or a list of those" }

    private func wrapped(_ from: Int, _ to: Int) -> String { "\(from)-\(last),\(first)-\(to)" }

    private func shown(_ text: Substring) -> String { String(text.prefix(40)) }
}
