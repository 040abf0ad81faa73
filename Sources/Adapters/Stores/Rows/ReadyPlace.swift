internal import SagaEngine

/// A place among what is due: milliseconds, and twenty bits for the turn within one.
enum ReadyPlace {
    private static let turnBits: Int64 = 20
    private static let lastMoment = Int64.max >> turnBits

    static func first(at moment: Timestamp) -> Int64 {
        min(max(moment.milliseconds, 0), lastMoment) << turnBits
    }

    /// The last place of a moment.
    static func last(at moment: Timestamp) -> Int64 {
        first(at: moment) | ((1 << turnBits) - 1)
    }

    /// The place of a saga that wants to be woken at a moment; those of one moment lie apart.
    static func alarm(at moment: Timestamp, of saga: SagaNumber) -> Int64 {
        first(at: moment) | (saga & ((1 << turnBits) - 1))
    }

    static func moment(of place: Int64) -> Timestamp {
        Timestamp(milliseconds: place >> turnBits)
    }
}
