/// Moments as RFC 3339 text in UTC and as milliseconds since 1970, on the proleptic Gregorian calendar.
///
/// One strict form is read: `YYYY-MM-DDTHH:MM:SSZ`, with one to three digits of a fraction where there is one. Offsets,
/// small letters, leap seconds and fractions finer than a millisecond are refused: what cannot be kept exactly would
/// be written back as another moment.
public enum RFC3339 {
    /// The longest text that is read: `YYYY-MM-DDTHH:MM:SS.sssZ`.
    public static let longestText = 24
    /// The first moment that has a text, 0000-01-01T00:00:00Z, in milliseconds since 1970.
    public static let first: Int64 = -62_167_219_200_000
    /// The last moment that has a text, 9999-12-31T23:59:59.999Z, in milliseconds since 1970.
    public static let last: Int64 = 253_402_300_799_999

    /// Milliseconds since 1970-01-01T00:00:00Z, or nil when the text is not of the one form or names no real moment.
    public static func milliseconds(_ text: some StringProtocol) -> Int64? {
        var text = String(text)
        return text.withUTF8 { milliseconds(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// The same from the text's bytes.
    public static func milliseconds(utf8 text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count >= 20, text.count <= longestText, text.count != 21, text[text.count - 1] == UInt8(ascii: "Z"),
            let year = number(text, 0, 4, then: "-"), let month = number(text, 5, 2, then: "-"),
            let day = number(text, 8, 2, then: "T"), let hour = number(text, 11, 2, then: ":"),
            let minute = number(text, 14, 2, then: ":"),
            let second = number(text, 17, 2, then: text.count == 20 ? "Z" : "."),
            let fraction = text.count == 20 ? 0 : thousandths(text)
        else { return nil }
        guard (1...12).contains(month), (1...daysIn(month, of: year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds = ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        return seconds * 1_000 + fraction
    }

    /// The text of a moment, always with three digits of a fraction; moments outside years 0 to 9999 are a
    /// programming error.
    public static func text(_ milliseconds: Int64) -> String {
        precondition(milliseconds >= first && milliseconds <= last, "RFC 3339 has four digits for the year")
        let days = floorDivide(milliseconds, 86_400_000)
        let time = milliseconds - days * 86_400_000
        let (year, month, day) = date(days)
        let (hour, minute) = (time / 3_600_000, time / 60_000 % 60)
        let (second, fraction) = (time / 1_000 % 60, time % 1_000)
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T" + padded(hour, 2) + ":"
            + padded(minute, 2) + ":" + padded(second, 2) + "." + padded(fraction, 3) + "Z"
    }

    private static func number(
        _ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int, then mark: Unicode.Scalar
    ) -> Int64? {
        guard text[start + count] == UInt8(ascii: mark) else { return nil }
        return digits(text, start, count)
    }

    private static func digits(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for index in start..<start + count {
            guard text[index] >= UInt8(ascii: "0"), text[index] <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int64(text[index] - UInt8(ascii: "0"))
        }
        return value
    }

    private static func thousandths(_ text: UnsafeRawBufferPointer) -> Int64? {
        let count = text.count - 21
        guard let value = digits(text, 20, count) else { return nil }
        return count == 1 ? value * 100 : count == 2 ? value * 10 : value
    }

    /// How many days a month has.
    static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
    }

    // Both directions count in years that begin in March, so that the leap day is the last day of its year; there are
    // 719,468 days from 0000-03-01 to 1970-01-01.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date so many days after 1970-01-01.
    static func date(_ daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = daysSince1970 + 719_468
        let era = floorDivide(days, 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// The quotient, rounded down.
    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
