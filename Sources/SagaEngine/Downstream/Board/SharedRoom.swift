/// A gate's part of the limit on an asset in flight, out of what all runners share. Decides without doing anything.
///
/// Counts under one lease: with another one it begins anew, since the board knows rooms by leases.
struct SharedRoom: Sendable {
    let asset: String
    let limit: Int128
    /// What the board has as this gate's, at least.
    private(set) var held: Int128 = 0
    /// Of it, what was taken by orders of which the store has not answered yet.
    private(set) var reserved: Int128 = 0
    /// Of it, what the store has answered about: it knows that this is at stake, or it never will be.
    private(set) var spent: Int128 = 0
    /// How much was taken since the last visit, and how much usually is: about as much is kept for what comes.
    private var used: Int128 = 0
    private var usual: Int128 = 0
    /// What was asked for in vain since the last visit, and the least of it.
    private var unmet: Int128 = 0
    private var least: Int128 = 0

    init(asset: String, limit: Int128) {
        self.asset = asset
        self.limit = limit
    }

    private var free: Int128 { held - reserved - spent }

    /// Takes room, if there is any.
    mutating func take(_ amount: Int128) -> Bool {
        guard amount <= free else { return false }
        reserved += amount
        used += amount
        return true
    }

    /// Has more asked for at the next visit.
    mutating func miss(_ amount: Int128) {
        least = unmet == 0 ? amount : min(least, amount)
        unmet += amount
    }

    /// The store has answered about what was taken.
    mutating func settle(_ amount: Int128) {
        reserved -= amount
        spent += amount
    }

    /// What to ask at the board, and from now on at most this is held; `nil` when there is nothing to ask.
    mutating func ask() -> RoomAsk? {
        if used > 0 {
            usual = unmet > 0 ? 2 * max(used, usual) : max(used, usual * 3 / 4)
        } else {
            // Where nothing is taken and something wanted, it is too little: two that each kept a part would wait on.
            usual = unmet > 0 ? 0 : usual / 4
        }
        let kept = max(0, min(free, usual))
        let more = max(0, unmet + usual - kept)
        let ask = RoomAsk(
            asset: asset, limit: limit, keep: reserved + kept, more: min(more, limit), least: max(0, least - kept))
        (used, unmet, least) = (0, 0, 0)
        guard ask.keep != held || ask.more > 0 else { return nil }
        (held, spent) = (ask.keep, 0)
        return ask
    }

    /// Takes note of what the board has as this gate's.
    mutating func learn(_ room: Int128, for ask: RoomAsk) {
        held += room - ask.keep
    }
}
