import SagaEngine

/// A zone whose clocks are changed at given moments.
struct FixedZone: ZoneRules {
    static let utc = FixedZone(name: "UTC", offset: 0, changes: [])

    let name: String
    /// Before the first change.
    let offset: Int64
    let changes: [(at: Int64, offset: Int64)]

    func period(at moment: Int64) -> ZonePeriod {
        let edge: Int64 = 1 << 40
        let past = changes.prefix { $0.at <= moment }.count
        return ZonePeriod(
            start: past == 0 ? -edge : changes[past - 1].at, end: past == changes.count ? edge : changes[past].at,
            offset: past == 0 ? offset : changes[past - 1].offset)
    }
}
