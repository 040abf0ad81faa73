/// From which fence on is looked whether anything is held under a lease.
///
/// Whatever a lease holds has a fence, and fences rise. While an old snapshot is held, the index of holders is full of
/// what was held before, and a lease that holds nothing would have all of that walked over at each look. So a look that
/// has found nothing lets the next one begin at the fence that was the last some seconds before: only a claim that has
/// been under way for longer could be missed, and that only delays by a moment: whoever claims looks at leases that are
/// over anyway.
struct HeldFloors {
    /// How long ago a fence must have been the last, in milliseconds.
    private static let lag: Int64 = 5_000

    private var floors: [Int64: Int64] = [:]
    private var settled: Int64 = 0
    private var newest: (fence: Int64, at: Int64)?

    /// The leases that have a floor, by their epochs, and the floors.
    var epochs: [Int64] { floors.keys.sorted() }
    var fences: [Int64] { epochs.compactMap { floors[$0] } }

    /// Notes what a look has found.
    ///
    /// - Parameters:
    ///   - leases: The epochs of all leases that there are, and whether anything is held under each.
    ///   - last: The last fence that was given out.
    ///   - moment: The moment, in milliseconds of a clock that nobody sets.
    mutating func note(_ leases: [(epoch: Int64, holds: Bool)], last: Int64, at moment: Int64) {
        if let newest, moment - newest.at >= Self.lag {
            settled = newest.fence
            self.newest = (last, moment)
        } else if newest == nil {
            newest = (last, moment)
        }
        var floors: [Int64: Int64] = [:]
        for lease in leases { floors[lease.epoch] = lease.holds ? self.floors[lease.epoch] : settled }
        self.floors = floors
    }
}
