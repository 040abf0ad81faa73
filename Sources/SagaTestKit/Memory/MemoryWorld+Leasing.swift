internal import SagaEngine

extension MemoryWorld {
    /// Whether the lease is still the runner's: neither released nor taken over.
    func isCurrent(_ lease: Lease) -> Bool {
        guard let kept = self.lease(epoch: lease.epoch) else { return false }
        return kept.runner == lease.runner && !kept.isDead
    }

    func lease(_ request: LeaseRequest, at now: Timestamp) -> StoreResult {
        let expires = now + request.length
        if var kept = lease(of: request.runner), !kept.isDead {
            kept.expires = expires
            update(kept)
            return .leased(Lease(runner: kept.runner, epoch: kept.epoch, expires: expires))
        }
        let kept = MemoryLease(runner: request.runner, epoch: nextEpoch, expires: expires)
        insert(kept)
        return .leased(Lease(runner: kept.runner, epoch: kept.epoch, expires: expires))
    }

    func release(_ runner: RunnerID, at now: Timestamp) -> StoreResult {
        if let kept = lease(of: runner), !kept.isDead { end(kept, at: now) }
        return .done
    }

    func claim(_ request: ClaimRequest, under lease: Lease, at now: Timestamp) -> StoreResult {
        guard let own = self.lease(epoch: lease.epoch), !own.isDead, own.expires > now else { return .fenced }
        takeOver(at: now)
        var claims: [Claim] = []
        while claims.count < request.limit, let number = oldestReady(of: request.flows, at: now),
            var saga = saga(number)
        {
            saga.holder = lease.epoch
            saga.fence = nextFence()
            saga.clearWaits()
            saga.noticeArrived = false
            update(saga)
            claims.append(Claim(number: number, fence: saga.fence))
        }
        return .claimed(claims)
    }

    /// Ends every lease that has expired while sagas are held under it.
    private func takeOver(at now: Timestamp) {
        for epoch in held.keys.sorted() {
            if let lease = lease(epoch: epoch), lease.isDead || lease.expires <= now { end(lease, at: now) }
        }
    }

    private func end(_ lease: MemoryLease, at now: Timestamp) {
        var ended = lease
        ended.isDead = true
        update(ended)
        var numbers: [SagaNumber] = []
        held[lease.epoch]?.forEach(from: nil) {
            numbers.append($0); return true
        }
        for var saga in numbers.compactMap(saga) {
            saga.holder = nil
            makeReady(&saga, at: now)
            update(saga)
        }
    }

    private func oldestReady(of flows: [FlowID], at now: Timestamp) -> SagaNumber? {
        var oldest: QueuePlace?
        for flow in flows {
            if let place = ready[flow]?.first, oldest.map({ place < $0 }) ?? true { oldest = place }
            if let place = sleeping[flow]?.first, place.at <= now, oldest.map({ place < $0 }) ?? true {
                oldest = place
            }
        }
        return oldest?.number
    }
}
