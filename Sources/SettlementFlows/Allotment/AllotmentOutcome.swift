/// How an allotment ends, decided by the whole demand alone.
public enum AllotmentOutcome: String, Codable, Hashable, Sendable, CaseIterable {
    /// The demand is below the offering's minimum: nobody gets units, everyone is refunded in full.
    case failed
    /// The demand is no more than the offer: everyone gets what they asked for.
    case full
    /// The demand exceeds the offer: units are shared pro rata.
    case prorated

    /// The outcome of an offering for a whole demand.
    public init(demand: Units, offering: Offering) {
        if demand < offering.minimumUnits {
            self = .failed
        } else if demand <= offering.unitsOffered {
            self = .full
        } else {
            self = .prorated
        }
    }
}
