/// A moment at which a schedule is due, with the local time that it stands for.
public struct ScheduledMoment: Hashable, Sendable, CustomStringConvertible {
    /// The local time, in minutes since 1970-01-01T00:00 there.
    public let localMinute: Int64
    /// What the local time is ahead of UTC, in seconds.
    public let offset: Int64
    /// When it is due. A local time that is left out is due when the clocks have been put forward.
    public let at: Timestamp

    /// The local date, as `2026-11-30`.
    public var date: String { String(text.prefix(10)) }

    private var text: String { RFC3339.text(localMinute * 60_000) }

    /// The local time and its offset, as `2026-11-30T22:00+08:00`; no two moments of one schedule have the same.
    public var description: String { String(text.prefix(16)) + Self.text(ofOffset: offset) }

    private static func text(ofOffset offset: Int64) -> String {
        let seconds = offset.magnitude
        let parts = [seconds / 3_600, seconds / 60 % 60] + (seconds % 60 == 0 ? [] : [seconds % 60])
        return (offset < 0 ? "-" : "+") + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
