internal import SagaEngine

extension MemoryWorld {
    func saga(of id: SagaID) -> MemorySaga? { numberOfID[id].flatMap(saga) }

    func load(_ claim: Claim) -> LoadedSaga? {
        guard let saga = saga(claim.number), saga.holder != nil, saga.fence == claim.fence else { return nil }
        var page = NoticePage()
        var last: Int64 = 0
        noticesOfSaga[claim.number]?.forEach(from: nil) { number in
            last = number
            if let notice = notice(number), notice.standing == .fresh,
                page.hasRoom(for: number, about: notice.notice.reference)
            {
                page.take(notice.stored(for: saga.seed.id, withBody: false))
            }
            return true
        }
        return LoadedSaga(
            claim: claim, row: saga.row, journal: journal(of: claim.number), notices: page.notices,
            firstLeftOut: page.firstLeftOut, lastNotice: last)
    }

    func nextWake(for flows: [FlowID], at now: Timestamp) -> Timestamp? {
        if flows.contains(where: { ready[$0]?.isEmpty == false }) { return now }
        var next: Timestamp?
        func consider(_ moment: Timestamp) { next = min(next ?? moment, moment) }
        for flow in flows { if let place = sleeping[flow]?.first { consider(place.at) } }
        for epoch in held.keys { if let lease = lease(epoch: epoch) { consider(lease.expires) } }
        return next.map { max($0, now) }
    }

    func journal(of id: SagaID, after sequence: Int, limit: Int) -> [JournalEntry] {
        guard let saga = saga(of: id) else { return [] }
        return Array(journal(of: saga.number).dropFirst(max(0, sequence)).prefix(max(0, limit)))
    }

    func search(_ query: SagaQuery) -> SagaPage {
        var rows: [SagaRow] = []
        var total = 0
        forEachSaga(under: query.under) { saga in
            if let status = query.status, saga.standing.status != status { return }
            if let flow = query.flow, saga.seed.flow.name != flow { return }
            if query.rootsOnly, saga.parent != nil { return }
            total += 1
            if total > query.offset, rows.count < query.limit { rows.append(saga.row) }
        }
        return SagaPage(rows: rows, total: total)
    }

    func children(of parent: SagaID, stage: StageName, after: ElementID?, limit: Int) -> [SagaRow] {
        guard let parent = numberOfID[parent] else { return [] }
        var rows: [SagaRow] = []
        let bound = after.map { ChildPlace(element: $0.rawValue, number: 0) }
        broods[BroodKey(parent: parent, stage: stage)]?.forEach(from: bound) { place in
            guard rows.count < limit else { return false }
            if place.element != after?.rawValue, let saga = saga(place.number) { rows.append(saga.row) }
            return true
        }
        return rows
    }

    func census(under root: SagaID?) -> SagaCensus {
        var counts: [SagaStatus: Int] = [:]
        var totals: [ByteText: (amount: Int128, decimals: Int)] = [:]
        forEachSaga(under: root) { saga in
            counts[saga.standing.status, default: 0] += 1
            for exposure in saga.standing.exposures {
                totals[ByteText(exposure.asset), default: (0, exposure.decimals)].amount += exposure.amount
            }
        }
        let exposures = totals.sorted { $0.key < $1.key }
            .map { Exposure(asset: $0.key.rawValue, amount: $0.value.amount, decimals: $0.value.decimals) }
        return SagaCensus(counts: counts, exposures: exposures)
    }

    func notices(_ query: NoticeQuery) -> [StoredNotice] {
        var owner: SagaNumber?
        if let id = query.saga {
            guard let number = numberOfID[id] else { return [] }
            owner = number
        }
        var found: [StoredNotice] = []
        var skipped = 0
        for notice in notices.reversed() where found.count < query.limit {
            if let number = query.number, notice.number != number { continue }
            if let standing = query.standing, notice.standing != standing { continue }
            if let owner, notice.saga != owner { continue }
            guard skipped >= query.offset else {
                skipped += 1
                continue
            }
            let saga = notice.saga.flatMap { self.saga($0)?.seed.id }
            found.append(notice.stored(for: saga, withBody: query.withBodies))
        }
        return found
    }

    func settlements(of references: [SentReference], for id: SagaID, limit: Int) -> [StoredNotice] {
        guard let owner = numberOfID[id] else { return [] }
        var found: [StoredNotice] = []
        for reference in references {
            noticesOfSaga[owner]?.forEach(from: nil) { number in
                if let notice = notice(number), notice.standing == .fresh || notice.standing == .conflicting,
                    notice.notice.claim.verdict == .settled, notice.notice.reference == reference
                {
                    found.append(notice.stored(for: id, withBody: false))
                }
                return found.count < limit
            }
        }
        return Array(found.prefix(max(0, limit)))
    }

    func prints(under root: SagaID?, limit: Int, offset: Int) -> [StoredPrint] {
        let matching = prints.reversed().lazy.filter { print in
            guard let root else { return true }
            guard let saga = print.print.saga else { return false }
            return saga == root || saga.rawValue.utf8.starts(with: (root.rawValue + "/").utf8)
        }
        return Array(matching.dropFirst(max(0, offset)).prefix(max(0, limit)))
    }

    private func forEachSaga(under root: SagaID?, _ body: (MemorySaga) -> Void) {
        guard let root else {
            idOrder.forEach(from: nil) {
                if let saga = saga($0.number) { body(saga) }; return true
            }
            return
        }
        if let saga = saga(of: root) { body(saga) }
        let prefix = root.rawValue + "/"
        idOrder.forEach(from: IDPlace(id: prefix, number: 0)) { place in
            guard place.id.utf8.starts(with: prefix.utf8) else { return false }
            if let saga = saga(place.number) { body(saga) }
            return true
        }
    }
}
