internal import SagaEngine

/// Moments as people read them, and how long ago they were.
struct Moments: Sendable {
    let now: Timestamp

    /// `2026-03-18 02:00:05 UTC`, or the text as it came when it is no moment.
    static func plain(_ text: String) -> String {
        guard let moment = Timestamp(rfc3339: text) else { return text }
        let whole = moment.rfc3339.prefix(19)
        return whole.replacing("T", with: " ") + " UTC"
    }

    /// `3 h 12 min ago` or `in 5 s`; nothing when the text is no moment.
    func distance(_ text: String) -> String {
        guard let moment = Timestamp(rfc3339: text) else { return "" }
        let seconds = (now.milliseconds - moment.milliseconds) / 1_000
        return seconds >= 0 ? Self.span(seconds) + " ago" : "in " + Self.span(-seconds)
    }

    /// `2026-03-18 02:00:05 UTC (3 h 12 min ago)`.
    func full(_ text: String) -> String {
        let distance = distance(text)
        return distance.isEmpty ? text : "\(Self.plain(text)) (\(distance))"
    }

    /// The two largest units of a time in seconds.
    static func span(_ seconds: Int64) -> String {
        let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
        guard let first = units.firstIndex(where: { seconds >= $0.0 }) else { return "0 s" }
        let whole = "\(seconds / units[first].0) \(units[first].1)"
        guard first + 1 < units.count else { return whole }
        let rest = seconds % units[first].0 / units[first + 1].0
        return rest == 0 ? whole : "\(whole) \(rest) \(units[first + 1].1)"
    }
}
