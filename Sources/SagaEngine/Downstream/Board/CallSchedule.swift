/// The turns in which all runners together may begin calls to a counterparty.
///
/// A turn lasts for as long as a burst takes at the rate, so that whoever calls after a quiet time has a burst of them
/// at once, and a turn that was granted to a runner that died is over with it. Turns are so far apart that those which
/// reach into any one second are no more than rate and burst together.
public struct CallSchedule: Sendable, Equatable {
    /// How far apart turns begin, in nanoseconds.
    public let spacing: Int64
    /// How long a turn lasts, in nanoseconds.
    public let length: Int64

    private static let second: Int64 = 1_000_000_000
    /// The shortest turn: a shorter one would be over before timers and answers can meet it.
    private static let shortest: Int64 = 50_000_000
    private static let longest: Int64 = 3_600 * second
    /// How much of a turn is left at least when it is granted.
    private static let arrival: Int64 = 25_000_000
    /// How far ahead turns are granted, and so for how long those of a runner that dies are lost.
    private static let horizon = second

    /// The schedule for limits.
    public init(_ limits: GateLimits) {
        let burst = Int128(limits.burst) * Int128(Self.second) / Int128(limits.rate)
        length = Int64(min(max(burst, Int128(Self.shortest)), Int128(Self.longest)))
        let atRate = (Int128(Self.second) + Int128(limits.rate) - 1) / Int128(limits.rate)
        let both = Int128(limits.rate) + Int128(limits.burst)
        let inWindow = (Int128(Self.second) + Int128(length) + both - 1) / both
        spacing = Int64(max(atRate, inWindow))
    }

    /// Grants turns from a moment on.
    ///
    /// - Parameters:
    ///   - wanted: How many are wanted; fewer are granted when they would be far ahead.
    ///   - moment: When the first one can be used.
    ///   - taken: Up to when turns have been granted; moves on.
    /// - Returns: The turns, or none when those of the next second are taken.
    public func grant(_ wanted: Int, from moment: Timestamp, taken: inout Int64) -> CallTurns {
        let now = Self.nanoseconds(moment)
        let past = (length - min(length / 2, Self.arrival)) / spacing
        let first = max(taken, now - past * spacing)
        let ahead = now + Self.horizon - first
        guard wanted > 0, ahead >= 0 else { return CallTurns() }
        let count = min(Int64(wanted), ahead / spacing + 1)
        taken = first + count * spacing
        return CallTurns(first: first, count: Int(count))
    }

    /// A moment in nanoseconds.
    static func nanoseconds(_ moment: Timestamp) -> Int64 { moment.milliseconds * 1_000_000 }

    /// When a turn has begun.
    static func moment(_ nanoseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: (nanoseconds + 999_999) / 1_000_000)
    }
}
