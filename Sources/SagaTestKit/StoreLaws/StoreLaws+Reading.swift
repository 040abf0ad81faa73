internal import SagaEngine

extension StoreLaws {
    static let reading: [StoreLaw] = searching + looking

    private static let searching: [StoreLaw] = [
        StoreLaw("a search answers in byte order of the ids, page by page, with the total") { bench in
            for id in ["b", "é", "B", "a/x/y", "a", "a-1"] { try await bench.submit(id) }
            var seen: [String] = []
            for offset in [0, 2, 4, 6] {
                let page = try await bench.store.search(SagaQuery(offset: offset, limit: 2))
                try bench.equal(page.total, 6, "total at offset \(offset)")
                seen.append(contentsOf: page.rows.map(\.id.rawValue))
            }
            try bench.equal(seen, ["B", "a", "a-1", "a/x/y", "b", "é"], "ids")
            let none = try await bench.store.search(SagaQuery(limit: 0))
            try bench.equal(none, SagaPage(rows: [], total: 6), "a page of nothing")
        },
        StoreLaw("a page holds no more than the greatest limit") { bench in
            let count = SagaQuery.maximumLimit + 1
            let batch = try (0..<count).map { StoreOperation.submit(try bench.seed("SG-\($0)")) }
            _ = try await bench.store.commit(batch, under: nil)
            let page = try await bench.store.search(SagaQuery(limit: count))
            try bench.equal(page.rows.count, SagaQuery.maximumLimit, "rows")
            try bench.equal(page.total, count, "total")
        },
        StoreLaw("a search finds by status, by flow of any version, and roots alone") { bench in
            let lease = try await bench.lease("r1")
            _ = try await spawn(["INV-1"], on: bench, under: lease)
            try await bench.submit("SG-2", flow: FlowID(name: "other", version: 1))
            try await bench.submit("SG-3", flow: FlowID(name: "other", version: 2))
            try await find(SagaQuery(status: .running), ["SG-1"], on: bench)
            try await find(SagaQuery(status: .pending), ["SG-1/fund/INV-1", "SG-2", "SG-3"], on: bench)
            try await find(SagaQuery(flow: "other"), ["SG-2", "SG-3"], on: bench)
            try await find(SagaQuery(rootsOnly: true), ["SG-1", "SG-2", "SG-3"], on: bench)
            try await find(SagaQuery(status: .stuck), [], on: bench)
        },
        StoreLaw("a search under a saga finds it and its descendants, and no namesake") { bench in
            for id in ["SG-1", "SG-10", "SG-1-a", "SG-1/fund/INV-1", "SG-1/fund/INV-1/pay/x", "SG-1.b", "SG-0"] {
                try await bench.submit(id)
            }
            let expected = ["SG-1", "SG-1/fund/INV-1", "SG-1/fund/INV-1/pay/x"]
            try await find(SagaQuery(under: try bench.sagaID("SG-1")), expected, on: bench)
            try await find(SagaQuery(under: try bench.sagaID("SG-9")), [], on: bench)
        },
        StoreLaw("ids with the wildcards of query languages in them are taken as they are") { bench in
            for id in ["A_1", "AB1", "A%", "A%/fund/x", "AB/fund/x", "O'Neil\\"] { try await bench.submit(id) }
            try await find(SagaQuery(under: try bench.sagaID("A%")), ["A%", "A%/fund/x"], on: bench)
            try await find(SagaQuery(under: try bench.sagaID("A_1")), ["A_1"], on: bench)
            try await find(SagaQuery(under: try bench.sagaID("O'Neil\\")), ["O'Neil\\"], on: bench)
        },
        StoreLaw("a census counts a saga and its descendants by status and adds up what is at stake") { bench in
            let lease = try await bench.lease("r1")
            let parent = try await spawn(["INV-1", "INV-2", "INV-3"], on: bench, under: lease)
            let claims = try await bench.claim(2, under: lease)
            var operations: [StoreOperation] = []
            let rows = try await bench.store.search(SagaQuery()).rows
            for claim in claims + [parent] {
                guard let row = rows.first(where: { $0.number == claim.number }) else { continue }
                var append = try await bench.append(to: row.id.rawValue, .claim(fence: claim.fence))
                append.standing = Standing(
                    status: .stuck,
                    exposures: [
                        Exposure(asset: "SGD", amount: Int128(Int64.max), decimals: 2),
                        Exposure(asset: "DABS", amount: 7, decimals: 0),
                    ])
                operations.append(.append(append))
            }
            _ = try await bench.store.commit(operations, under: lease)
            try await bench.submit("SG-2")
            let census = try await bench.store.census(under: try bench.sagaID("SG-1"))
            try bench.equal(census.counts, [.stuck: 3, .pending: 1], "counts")
            let expected = [
                Exposure(asset: "DABS", amount: 21, decimals: 0),
                Exposure(asset: "SGD", amount: Int128(Int64.max) * 3, decimals: 2),
            ]
            try bench.equal(census.exposures, expected, "exposures")
        },
    ]

    private static let looking: [StoreLaw] = [
        StoreLaw("a journal is read from any place on, at most as far as asked") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            try await bench.commit(
                try await bench.append(to: "SG-1", .claim(fence: claim.fence), entries: 5), under: lease)
            let id = try bench.sagaID("SG-1")
            let middle = try await bench.store.journal(of: id, after: 1, limit: 3)
            try bench.equal(middle.map(\.sequence), [2, 3, 4], "entries after the first")
            let end = try await bench.store.journal(of: id, after: 5, limit: 3)
            try bench.equal(end, [], "entries after the last")
            let unknown = try await bench.store.journal(of: try bench.sagaID("SG-9"), after: 0, limit: 3)
            try bench.equal(unknown, [], "entries of a saga that does not exist")
        },
        StoreLaw("every kind of entry, and every byte of its body, comes back as it was written") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            append.entries = EntryKind.allCases.enumerated().map { index, kind in
                JournalEntry(
                    sequence: index + 1, stage: index.isMultiple(of: 2) ? .saga : StageName(rawValue: "fünd"),
                    refusals: index, kind: kind, at: bench.clock.now(),
                    body: index == 0 ? [] : (0...255).map { UInt8($0) },
                    link: ChainLink(bytes: [UInt8](repeating: UInt8(index), count: 32)))
            }
            try await bench.commit(append, under: lease)
            try bench.equal(try await bench.journal("SG-1"), append.entries, "journal")
        },
        StoreLaw("loading gives claimed sagas with journal and notices, and leaves out lost claims") { bench in
            let lease = try await bench.lease("r1")
            let first = try await bench.held("SG-1", under: lease)
            let second = try await bench.held("SG-2", under: lease)
            let append = try await bench.append(to: "SG-2", .claim(fence: second.fence), entries: 2)
            try await bench.commit(append, under: lease)
            let lost = Claim(number: first.number, fence: first.fence - 1)
            let none = Claim(number: 4_711, fence: 1)
            let loaded = try await bench.store.load([second, lost, none])
            try bench.equal(loaded.map(\.claim), [second], "claims loaded")
            try bench.equal(loaded.map(\.journal), [append.entries], "journals")
            try bench.equal(loaded.map(\.row), [try await bench.row("SG-2")], "rows")
            try bench.equal(loaded.map(\.lastNotice), [0], "last notices")
        },
        StoreLaw("a saga that is taken up again and again has all that was written of it, by whomever") { bench in
            let lease = try await bench.lease("r1", for: .hours(1))
            try await bench.submit("SG-1")
            for round in 1...4 {
                try await writeAndLeave("SG-1", round, under: lease, on: bench)
            }
        },
        StoreLaw("a saga that does not exist has no row and an empty census") { bench in
            let id = try bench.sagaID("SG-9")
            try bench.equal(try await bench.store.row(of: id), nil, "row")
            try bench.equal(
                try await bench.store.census(under: id), SagaCensus(counts: [:], exposures: []), "census")
        },
        StoreLaw("notices are read newest first, by standing, saga and number, page by page") { bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(), expecting: "ref-1")
            var numbers: [Int64] = []
            for index in 0..<6 {
                let isOwn = index.isMultiple(of: 2)
                let notice = bench.notice("n\(index)", about: isOwn ? "ref-1" : "ref-2")
                numbers.append(try await bench.keep(notice, as: isOwn ? .fresh : .orphan))
            }
            let orphans = try await bench.store.notices(NoticeQuery(standing: .orphan, offset: 1, limit: 1))
            try bench.equal(orphans.map(\.number), [numbers[3]], "the second page of orphans")
            let own = try await bench.store.notices(NoticeQuery(saga: try bench.sagaID("SG-1")))
            try bench.equal(own.map(\.number), [numbers[4], numbers[2], numbers[0]], "notices of SG-1")
            let one = try await bench.store.notices(NoticeQuery(number: numbers[2]))
            try bench.equal(one.map(\.notice.id), ["n2"], "the notice of a number")
            let none = try await bench.store.notices(NoticeQuery(saga: try bench.sagaID("SG-9")))
            try bench.equal(none, [], "notices of a saga that does not exist")
        },
        StoreLaw("a notice names the saga it is for, and leaves its body behind when nobody asks for it") { bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            let own = bench.notice("n1", about: "ref-1", body: "one")
            try await bench.keep(own, as: .fresh)
            try await bench.keep(bench.notice("n2", about: "ref-2", body: "two"), as: .orphan)
            let id = try bench.sagaID("SG-1")
            for withBodies in [true, false] {
                let all = try await bench.store.notices(NoticeQuery(withBodies: withBodies))
                try bench.equal(all.map(\.saga), [nil, id], "the sagas")
                let bodies = all.map { String(decoding: $0.notice.body, as: UTF8.self) }
                try bench.equal(bodies, withBodies ? ["two", "one"] : ["", ""], "the bodies")
                try bench.equal(all.map(\.notice.claim).last, own.claim, "the claim")
            }
            let loaded = try await bench.store.load(try await bench.claim(under: lease))
            try bench.equal(loaded.flatMap(\.notices).map(\.saga), [id], "the saga of a loaded notice")
            try bench.equal(loaded.flatMap(\.notices).map(\.notice), [own.withoutBody], "a loaded notice")
        },
        StoreLaw("a notice comes back with every part of it") { bench in
            let verdicts: [Notice.Verdict] = [
                .settled, .progress("on its way"), .refused(RefusalReason(code: "frozen", message: "a \"b\" é")),
            ]
            for (index, verdict) in verdicts.enumerated() {
                let claim = Notice.Claim(
                    reference: "ref-\(index)", verdict: verdict, facts: ["asset": "SGD", "amount": "1.00"])
                let notice = Notice(
                    source: "custodian", id: "n\(index)", claim: claim, body: [0, 255, 10, 13],
                    headers: "a: 1\nb: é")
                let number = try await bench.keep(notice, as: .orphan)
                let kept = try await bench.store.notices(NoticeQuery(number: number))
                try bench.equal(kept.map(\.notice), [notice], "notice \(index)")
            }
        },
    ]

    /// Has the holder of a saga write something, puts the saga to sleep, claims it anew and reads it back.
    private static func writeAndLeave(
        _ id: String, _ round: Int, under lease: Lease, on bench: StoreBench
    ) async throws {
        let fence = try await bench.store.load(try await bench.claim(under: lease)).first?.claim.fence ?? 1
        var append = try await bench.append(
            to: id, .claim(fence: fence), entries: round, .sleep(Wake(at: bench.clock.now() + .seconds(1))),
            status: .waiting)
        append.standing.exposures = [Exposure(asset: "SGD", amount: Int128(round), decimals: 2)]
        append.standing.pivoted = round > 2
        try await bench.commit(append, under: lease)
        if round.isMultiple(of: 2) {
            let version = try await bench.row(id).sequence
            try await bench.commit(try await bench.append(to: id, .version(version), .release))
        }
        bench.clock.advance(by: .seconds(2))
        let claims = try await bench.claim(under: lease)
        try bench.equal(claims.count, 1, "claims in round \(round)")
        for _ in 1...2 {
            let loaded = try await bench.store.load(claims)
            try bench.equal(loaded.map(\.row), [try await bench.row(id)], "row in round \(round)")
            try bench.equal(loaded.map(\.journal), [try await bench.journal(id)], "journal in round \(round)")
        }
        if let claim = claims.first {
            try await bench.commit(try await bench.append(to: id, .claim(fence: claim.fence), .release), under: lease)
        }
    }

    private static func find(_ query: SagaQuery, _ ids: [String], on bench: StoreBench) async throws {
        let page = try await bench.store.search(query)
        try bench.equal(page.rows.map(\.id.rawValue), ids, "found by \(query)")
        try bench.equal(page.total, ids.count, "total of \(query)")
    }
}
