/// When something is due, in the five fields of cron: minute, hour, day of month, month, day of week.
///
/// Lists, ranges, steps and the names of months and days are understood as Vixie cron understands them: where neither
/// day field begins with `*`, a day is right when either says so. It knows dates and times of day alone; what these are
/// in a time zone is ``ScheduleTiming``'s.
public struct CronExpression: Hashable, Sendable, CustomStringConvertible {
    /// The longest text that is read, in bytes.
    public static let longestText = 256
    /// How many days it may take from one date to the next: from 29 February 2096 to that of 2104.
    static let longestWait: Int64 = 8 * 366

    /// The text as it was written.
    public let description: String
    /// Whether minute or hour begins with `*`: then it follows the time that passes and not the clock on the wall.
    public let followsElapsedTime: Bool
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    private let eitherDay: Bool

    /// Reads an expression.
    ///
    /// - Throws: the field that is wrong, and what to write instead.
    public init(_ text: String) throws(CronError) {
        let fields = text.split { $0 == " " || $0 == "\t" }
        guard text.utf8.count <= Self.longestText else {
            throw CronError(nil, "it is longer than \(Self.longestText) bytes", "write ranges and steps, not lists")
        }
        if text.hasPrefix("@") {
            throw CronError(
                nil, "'\(text.prefix(40))' is no five fields",
                "write minute, hour, day of month, month, day of week: 0 0 * * * for every midnight")
        }
        guard fields.count == 5 else {
            throw CronError(
                nil, "it has \(fields.count) fields, not five",
                "write minute, hour, day of month, month, day of week: 0 22 * * * for 22:00 every day")
        }
        description = fields.joined(separator: " ")
        minutes = try CronField.minute.values(fields[0])
        hours = try CronField.hour.values(fields[1])
        days = try CronField.day.values(fields[2])
        months = try CronField.month.values(fields[3])
        let week = try CronField.weekday.values(fields[4])
        weekdays = week | week >> 7 & 1
        followsElapsedTime = fields[0].hasPrefix("*") || fields[1].hasPrefix("*")
        eitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        // A leap year has every date that there is.
        guard firstMinute(from: 0, before: Self.longestWait * Self.minutesOfDay) != nil else {
            throw CronError("day of month", "none of the months has the day \(fields[2])", "write a day that comes")
        }
    }

    private static let minutesOfDay: Int64 = 24 * 60

    /// The first minute that is due in a part of local time, counted from 1970-01-01T00:00; nil when none is.
    func firstMinute(from start: Int64, before end: Int64) -> Int64? {
        var minute = start
        while minute < end {
            let day = RFC3339.floorDivide(minute, Self.minutesOfDay)
            if includes(day: day), let time = firstTime(from: Int(minute - day * Self.minutesOfDay)) {
                let found = day * Self.minutesOfDay + Int64(time)
                return found < end ? found : nil
            }
            minute = (day + 1) * Self.minutesOfDay
        }
        return nil
    }

    /// Whether a date, counted in days from 1970-01-01, is one of those.
    private func includes(day number: Int64) -> Bool {
        let (_, month, day) = RFC3339.date(number)
        guard months >> UInt64(month) & 1 == 1 else { return false }
        // 1970-01-01 was a Thursday.
        let weekday = number + 4 - RFC3339.floorDivide(number + 4, 7) * 7
        let (isDay, isWeekday) = (days >> UInt64(day) & 1 == 1, weekdays >> UInt64(weekday) & 1 == 1)
        return eitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    /// The first time of day that is due, in minutes.
    private func firstTime(from time: Int) -> Int? {
        let (hour, minute) = (time / 60, time % 60)
        if hours >> UInt64(hour) & 1 == 1, let found = Self.first(minutes, from: minute) { return hour * 60 + found }
        guard let next = Self.first(hours, from: hour + 1), let found = Self.first(minutes, from: 0) else { return nil }
        return next * 60 + found
    }

    private static func first(_ values: UInt64, from value: Int) -> Int? {
        let rest = values >> UInt64(value)
        return rest == 0 ? nil : value + rest.trailingZeroBitCount
    }
}
