extension Gate {
    /// With a board, the store's own totals are looked at there.
    public var countsStakes: Bool { board == nil }

    /// Takes room out of what all runners share; `nil` where nothing is shared, or the asset has no limit.
    func reserveShared(_ exposure: Exposure, _ state: inout State) -> Admission? {
        let asset = ByteText(exposure.asset)
        guard let limit = state.touch.rooms[asset]?.limit else { return nil }
        if exposure.amount > limit { return .never(reason: Self.tooMuch(exposure, limit)) }
        return state.touch.rooms[asset]?.take(exposure.amount) == true ? .granted : full(exposure.asset)
    }

    /// Asks the board for room; whether it was reached.
    public func makeRoom(for exposure: Exposure) async -> Bool {
        let answer = await withCheckedContinuation { place in
            let answer = state.withLock { state -> Answer? in
                guard state.touch.rooms[ByteText(exposure.asset)] != nil else { return .visited(false) }
                state.touch.rooms[ByteText(exposure.asset)]?.miss(exposure.amount)
                return state.touch.wait(place)
            }
            if let answer { place.resume(returning: answer) } else { bell.ring() }
        }
        guard case .visited(true) = answer else { return false }
        return true
    }

    /// The store has answered about these: their room goes back with the next visit.
    public func settle(_ reserved: [Exposure]) {
        guard board != nil else { return }
        state.withLock { state in
            for exposure in reserved { state.touch.rooms[ByteText(exposure.asset)]?.settle(exposure.amount) }
        }
    }

    /// With another lease all room is asked for anew: the board gives back what was held under one that is over.
    ///
    /// Nothing may be under way that reserved under the one before.
    public func work(under lease: Lease) {
        guard board != nil else { return }
        state.withLock { state in
            guard state.touch.lease != lease.epoch else { return }
            state.touch.lease = lease.epoch
            for (asset, room) in state.touch.rooms {
                state.touch.rooms[asset] = SharedRoom(asset: room.asset, limit: room.limit)
            }
        }
    }
}
