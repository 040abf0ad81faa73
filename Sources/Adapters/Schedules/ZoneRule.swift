internal import SagaEngine

/// The rule that a zone follows after the last change that its file lists: POSIX's `TZ`, as in
/// `<+1030>-10:30<+11>-11,M10.1.0,M4.1.0`.
struct ZoneRule {
    /// A day of each year and a time on it.
    private struct Day {
        enum Kind {
            /// A weekday of a month: the nth, or the last when n is 5; Sunday is 0.
            case weekday(month: Int64, nth: Int64, weekday: Int64)
            /// A day of the year from 1, in which 29 February is not counted.
            case plain(Int64)
            /// A day of the year from 0, in which it is.
            case counted(Int64)
        }

        let kind: Kind
        /// Seconds from midnight; may be before it or days after.
        let time: Int64

        /// The local second in a year, as if there were no zones.
        func second(in year: Int64) -> Int64 {
            let start = ZoneRule.day(year, 1)
            let isLeap = ZoneRule.day(year + 1, 1) - start == 366
            let day: Int64 =
                switch kind {
                case .weekday(let month, let nth, let weekday): Self.day(year, month, nth, weekday)
                case .plain(let number): start + number - 1 + (isLeap && number > 59 ? 1 : 0)
                case .counted(let number): start + number
                }
            return day * 86_400 + time
        }

        private static func day(_ year: Int64, _ month: Int64, _ nth: Int64, _ weekday: Int64) -> Int64 {
            let first = ZoneRule.day(year, month)
            let next = month == 12 ? ZoneRule.day(year + 1, 1) : ZoneRule.day(year, month + 1)
            // 1970-01-01 was a Thursday, and rules are about later days.
            let ahead = (weekday - (first + 4) % 7 + 7) % 7
            let day = first + ahead + 7 * (nth - 1)
            return day < next ? day : day - 7
        }
    }

    private let standard: Int64
    private let summer: (offset: Int64, begin: Day, end: Day)?

    /// Reads a rule; nil when it has another form.
    init?(_ text: String) {
        var parser = Parser(text)
        guard parser.name(), let standard = parser.time(hours: 24) else { return nil }
        self.standard = -standard
        guard !parser.isAtEnd else {
            summer = nil
            return
        }
        guard parser.name() else { return nil }
        let offset = parser.isAt(",") ? 3_600 - standard : parser.time(hours: 24).map { -$0 }
        guard let offset, let begin = parser.day(), let end = parser.day(), parser.isAtEnd else { return nil }
        summer = (offset, begin, end)
    }

    /// The changes after a moment and up to a year.
    func changes(after last: Int64, through year: Int64) -> [ZoneFile.Change] {
        guard let summer else { return [ZoneFile.Change(at: last + 1, offset: standard)] }
        return (1970...year).flatMap { year in
            [
                ZoneFile.Change(at: summer.begin.second(in: year) - standard, offset: summer.offset),
                ZoneFile.Change(at: summer.end.second(in: year) - summer.offset, offset: standard),
            ]
        }.filter { $0.at > last }.sorted { $0.at < $1.at }
    }

    /// The first day of a month, counted from 1970-01-01.
    private static func day(_ year: Int64, _ month: Int64) -> Int64 {
        let text = "\(year)-\(month < 10 ? "0" : "")\(month)-01T00:00:00Z"
        return (RFC3339.milliseconds(text) ?? 0) / 86_400_000
    }

    private struct Parser {
        private var rest: Substring

        init(_ text: String) { rest = text[...] }

        var isAtEnd: Bool { rest.isEmpty }

        func isAt(_ mark: Character) -> Bool { rest.first == mark }

        private mutating func take(_ mark: Character) -> Bool {
            guard isAt(mark) else { return false }
            rest.removeFirst()
            return true
        }

        /// Letters, or anything between angle brackets.
        mutating func name() -> Bool {
            if take("<") {
                guard let end = rest.firstIndex(of: ">") else { return false }
                rest = rest[rest.index(after: end)...]
                return true
            }
            let letters = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest[letters.endIndex...]
            return letters.count >= 3
        }

        private mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            return Int64(digits).flatMap { range.contains($0) ? $0 : nil }
        }

        /// Hours, and perhaps minutes and seconds, in seconds.
        mutating func time(hours: Int64) -> Int64? {
            let sign: Int64 = take("-") ? -1 : 1
            if sign == 1 { _ = take("+") }
            guard var seconds = number(0...hours).map({ $0 * 3_600 }) else { return nil }
            for unit in [60, 1] as [Int64] where take(":") {
                guard let number = number(0...59) else { return nil }
                seconds += number * unit
            }
            return sign * seconds
        }

        mutating func day() -> Day? {
            guard take(","), let kind = kind() else { return nil }
            guard take("/") else { return Day(kind: kind, time: 7_200) }
            return time(hours: 167).map { Day(kind: kind, time: $0) }
        }

        private mutating func kind() -> Day.Kind? {
            if take("M") {
                guard let month = number(1...12), take("."), let nth = number(1...5), take("."),
                    let weekday = number(0...6)
                else { return nil }
                return .weekday(month: month, nth: nth, weekday: weekday)
            }
            return take("J") ? number(1...365).map { .plain($0) } : number(0...365).map { .counted($0) }
        }
    }
}
