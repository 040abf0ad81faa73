/// A time zone: which offset from UTC its clocks show, and when.
public protocol ZoneRules: Sendable {
    /// Its name in the tz database, such as `Asia/Singapore`.
    var name: String { get }

    /// The time around a moment through which the clocks keep one offset.
    ///
    /// - Parameter moment: Seconds since 1970-01-01T00:00:00Z.
    /// - Returns: The time from change to change, or a year at least; its neighbour may have the same offset.
    func period(at moment: Int64) -> ZonePeriod
}

/// A time through which the clocks of a zone keep one offset.
public struct ZonePeriod: Hashable, Sendable {
    /// Its first second, counted from 1970-01-01T00:00:00Z.
    public let start: Int64
    /// The first second that is not of it any more.
    public let end: Int64
    /// What to add to UTC, in seconds; positive east of Greenwich.
    public let offset: Int64

    /// Describes a time.
    public init(start: Int64, end: Int64, offset: Int64) {
        self.start = start
        self.end = end
        self.offset = offset
    }
}

/// Where time zones are looked up.
public protocol ZoneSource: Sendable {
    /// The zone of a name; nil when there is none.
    func zone(named name: String) -> (any ZoneRules)?
}
