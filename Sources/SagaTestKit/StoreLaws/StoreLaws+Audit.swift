internal import SagaEngine

extension StoreLaws {
    static let audit: [StoreLaw] = chains + prints + printsBeside + lives

    private static let chains: [StoreLaw] = [
        StoreLaw("a head is what its journal's entries come to when they are chained again") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            for count in [1, 3, 2] {
                bench.clock.advance(by: .seconds(1))
                try await bench.commit(
                    try await bench.append(to: "SG-1", .claim(fence: claim.fence), entries: count), under: lease)
            }
            let row = try await bench.row("SG-1")
            var link = ChainLink.genesis(of: row.id, flow: row.flow, input: row.input, by: bench.digest)
            for entry in try await bench.journal("SG-1") {
                link = link.next(
                    sequence: entry.sequence, stage: entry.stage, refusals: entry.refusals, kind: entry.kind,
                    at: entry.at, body: entry.body, by: bench.digest)
                try bench.equal(entry.link, link, "link of entry \(entry.sequence)")
            }
            try bench.equal(row.head, link, "head")
            try bench.equal(row.sequence, 6, "sequence")
        },
        StoreLaw("what was added to journals since the last seal gets one over its links, nothing else does") { bench in
            let lease = try await bench.lease("r1")
            let first = try await bench.held("SG-1", under: lease)
            let second = try await bench.held("SG-2", under: lease)
            try bench.equal(try await bench.seals(), [], "seals before the first entry")
            var chain: [[ChainLink]] = []
            for _ in 0..<3 {
                bench.clock.advance(by: .seconds(1))
                let one = try await bench.append(to: "SG-2", .claim(fence: second.fence), entries: 2)
                let two = try await bench.append(to: "SG-1", .claim(fence: first.fence))
                _ = try await bench.store.commit([.append(one), .append(two)], under: lease)
                try await bench.keep(bench.notice("n\(chain.count)", about: "ref-1"), as: .orphan)
                chain.append((one.entries + two.entries).map(\.link))
                // A store that seals a little later than it commits does so now.
                try bench.equal(try await bench.seals().count, chain.count, "seals after \(chain.count) batches")
            }
            let seals = try await bench.seals()
            try bench.equal(seals.map(\.number), [1, 2, 3], "numbers of the seals")
            for (index, seal) in seals.enumerated() {
                let previous = index == 0 ? StoreSeal.origin : seals[index - 1].link
                let expected = previous.sealing(chain[index], at: seal.at, by: bench.digest)
                try bench.equal(seal.link, expected, "link of seal \(seal.number)")
            }
            try bench.equal(seals.last?.at, bench.clock.now(), "time of the last seal")
        },
        StoreLaw("entries of a refused append are in no seal") { bench in
            let lease = try await bench.lease("r1")
            let first = try await bench.held("SG-1", under: lease)
            let second = try await bench.held("SG-2", under: lease)
            var bad = try await bench.append(to: "SG-1", .claim(fence: first.fence), entries: 2)
            bad.records = [LawLedger.record("violate", by: try bench.sagaID("SG-1"), at: bench.clock.now())]
            _ = try await bench.run(.append(bad), under: lease)
            try bench.equal(try await bench.seals(), [], "seals after a refused batch")
            let good = try await bench.append(to: "SG-2", .claim(fence: second.fence))
            _ = try await bench.store.commit([.append(bad), .append(good)], under: lease)
            let seals = try await bench.seals()
            let expected = StoreSeal.origin.sealing(
                good.entries.map(\.link), at: bench.clock.now(), by: bench.digest)
            try bench.equal(seals.map(\.link), [expected], "seals")
        },
    ]

    private static let prints: [StoreLaw] = [
        StoreLaw("prints are kept in order, read newest first, by saga and page by page") { bench in
            for (index, saga) in ["SG-1", nil, "SG-1", "SG-2"].enumerated() {
                let id = try saga.map { try bench.sagaID($0) }
                try bench.result(
                    try await bench.run(.print(print("act-\(index)", on: id))), is: "done", "a print")
                bench.clock.advance(by: .seconds(1))
            }
            let all = try await bench.store.prints(under: nil, limit: 10, offset: 0)
            try bench.equal(all.map(\.print.action), ["act-3", "act-2", "act-1", "act-0"], "all prints")
            try bench.equal(all.map { $0.number }, all.map { $0.number }.sorted(by: >), "order of numbers")
            try bench.equal(all.first?.at, bench.clock.now() + .seconds(-1), "time of the newest")
            let first = try bench.sagaID("SG-1")
            try bench.equal(all.last?.print, print("act-0", on: first), "the oldest print")
            let own = try await bench.store.prints(under: first, limit: 1, offset: 1)
            try bench.equal(own.map(\.print.action), ["act-0"], "second page of SG-1")
        },
        StoreLaw("prints under a saga are its own and its descendants'") { bench in
            for id in ["SG-1", "SG-10", "SG-1/fund/INV-1", "SG-1-B/fund/INV-1", "SG-0"] {
                _ = try await bench.run(.print(print("act on \(id)", on: try bench.sagaID(id))))
            }
            let under = try await bench.store.prints(under: try bench.sagaID("SG-1"), limit: 10, offset: 0)
            try bench.equal(under.map(\.print.action), ["act on SG-1/fund/INV-1", "act on SG-1"], "under SG-1")
        },
        StoreLaw("a print is sealed, also beside an append that is refused") { bench in
            let append = Append(
                saga: try await bench.submit("SG-1"), right: .version(7), entries: [], disposition: .release,
                standing: Standing(status: .running))
            let results = try await bench.store.commit(
                [.append(append), .print(print("retry", on: try bench.sagaID("SG-1")))], under: nil)
            try bench.equal(results.map(\.summary), ["stale(0)", "done"], "results")
            try bench.equal(try await bench.seals().map(\.number), [1], "seals")
            try bench.equal(try await bench.store.prints(under: nil, limit: 5, offset: 0).count, 1, "prints")
        },
    ]

    private static let printsBeside: [StoreLaw] = [
        StoreLaw("the print of who caused an append is kept and sealed with it, and only if it is") { bench in
            let number = try await bench.submit("SG-1")
            let id = try bench.sagaID("SG-1")
            var stale = try await bench.append(to: "SG-1", .version(0), .release)
            (stale.right, stale.print) = (.version(7), print("too late", on: id))
            try bench.result(try await bench.run(.append(stale)), is: "stale(0)", "of another version")
            var violating = try await bench.append(to: "SG-1", .version(0), .release)
            violating.print = print("violating", on: id)
            violating.records = [
                CausedRecord(
                    record: Record(kind: "nobody's", body: []),
                    cause: RecordCause(saga: id, stage: StageName(rawValue: "fund"), at: bench.clock.now()))
            ]
            guard case .violated = try await bench.run(.append(violating)) else {
                throw LawBroken("a record without a handler is kept")
            }
            try bench.equal(try await bench.store.prints(under: nil, limit: 5, offset: 0).count, 0, "prints of nothing")
            var good = try await bench.append(to: "SG-1", .version(0), .release)
            good.print = print("retry", on: id)
            try bench.equal(good.saga, number, "the saga")
            try await bench.commit(good)
            let kept = try await bench.store.prints(under: id, limit: 5, offset: 0)
            try bench.equal(kept.map(\.print), [print("retry", on: id)], "prints")
            try bench.equal(kept.map(\.at), [bench.clock.now()], "its time")
            try bench.equal(try await bench.seals().map(\.number), [1], "one seal for both")
        },
        StoreLaw("the print of who binds a notice is kept with that, and only if it is bound") { bench in
            let number = try await bench.keep(bench.notice("n1", about: "ref"), as: .orphan)
            let lost = NoticeAssignment(number: number + 1, saga: nil, print: print("bind", on: nil))
            try bench.result(try await bench.run(.assign(lost)), is: "missing", "a notice that is not there")
            try bench.equal(try await bench.store.prints(under: nil, limit: 5, offset: 0).count, 0, "prints of nothing")
            let good = NoticeAssignment(number: number, saga: nil, print: print("bind", on: nil))
            try bench.result(try await bench.run(.assign(good)), is: "noticed(orphan, nobody)", "binding")
            let kept = try await bench.store.prints(under: nil, limit: 5, offset: 0)
            try bench.equal(kept.map(\.print), [print("bind", on: nil)], "prints")
        },
    ]

    private static let lives: [StoreLaw] = [
        StoreLaw("a new life of the data has the next number, begins now and forgets nothing") { bench in
            try await bench.submit("SG-1")
            let before = try await bench.row("SG-1")
            try bench.equal(try await bench.store.incarnation().number, 0, "the first life's number")
            for number in 1...2 {
                bench.clock.advance(by: .hours(1))
                let result = try await bench.run(.reincarnate(reason: "restored from a backup"))
                try bench.result(result, is: "done", "reincarnation")
                let expected = Incarnation(number: number, since: bench.clock.now())
                try bench.equal(try await bench.store.incarnation(), expected, "incarnation")
            }
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("a store that is opened again has kept sagas, notices, prints, seals and its life") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            try await bench.commit(
                try await bench.append(to: "SG-1", .claim(fence: claim.fence), entries: 3), under: lease)
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .orphan)
            _ = try await bench.store.commit(
                [.print(print("retry", on: nil)), .reincarnate(reason: "restored")], under: nil)
            let before = try await everything(on: bench)
            bench.clock.advance(by: .seconds(1))
            try await bench.reopen()
            let after = try await everything(on: bench)
            try bench.equal(after.rows, before.rows, "rows")
            try bench.equal(after.journal, before.journal, "journal")
            try bench.equal(after.notices, before.notices, "notices")
            try bench.equal(after.prints, before.prints, "prints")
            try bench.equal(after.seals, before.seals, "seals")
            try bench.equal(after.incarnation, before.incarnation, "incarnation")
        },
        StoreLaw("a store that is opened again has kept leases, waits, expectations and books") { bench in
            let lease = try await bench.lease("r1", for: .hours(1))
            let moment = bench.clock.now() + .minutes(5)
            let sleeper = try await bench.sleeper(
                "SG-1", under: lease, until: Wake(at: moment, onNotice: true), expecting: "ref-1")
            let claim = try await bench.held("SG-2", under: lease)
            var posting = try await bench.append(to: "SG-2", .claim(fence: claim.fence))
            posting.records = [LawLedger.record("add cash 9", by: try bench.sagaID("SG-2"), at: bench.clock.now())]
            try await bench.commit(posting, under: lease)
            try await bench.reopen()

            let wake = try await bench.nextWake()
            try bench.isTrue(wake.map { $0 <= moment } ?? false, "next wake \(String(describing: wake))")
            let renewed = try await bench.lease("r1", for: .hours(1))
            try bench.equal(renewed.epoch, lease.epoch, "epoch of a lease that is renewed")
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)
            let other = try await bench.lease("r2")
            try bench.isTrue(other.epoch > lease.epoch, "epoch \(other.epoch) after \(lease.epoch)")
            // Whether a claim outlives its process is the store's to decide; that nobody loses anything by it is not.
            try bench.result(try await bench.run(.release(lease.runner)), is: "done", "releasing")
            let claims = try await bench.claim(under: other)
            try bench.equal(claims.map(\.number).sorted(), [sleeper, claim.number].sorted(), "claimed")
            try bench.isTrue(claims.allSatisfy { $0.fence > claim.fence }, "fences of second claims: \(claims)")
            let second = claims.first { $0.number == claim.number } ?? claim
            var check = try await bench.append(to: "SG-2", .claim(fence: second.fence), .release)
            check.records = [
                LawLedger.record("require cash 9", by: try bench.sagaID("SG-2"), at: bench.clock.now())
            ]
            let stale = try await bench.append(to: "SG-2", .claim(fence: claim.fence), .release)
            try bench.result(try await bench.run(.append(stale), under: renewed), is: "fenced", "the old claim")
            try await bench.commit(check, under: other)
        },
        StoreLaw("a store that is opened again hands out new numbers only") { bench in
            let first = try await bench.submit("SG-1")
            let notice = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .orphan)
            try await bench.reopen()
            try bench.isTrue(try await bench.submit("SG-2") > first, "a saga's number was given twice")
            let next = try await bench.keep(bench.notice("n2", about: "ref-1"), as: .orphan)
            try bench.isTrue(next > notice, "notice number \(next) after \(notice)")
        },
    ]

    private static func print(_ action: String, on saga: SagaID?) -> OperatorPrint {
        OperatorPrint(
            actor: "ops", role: "operator", action: action, saga: saga, reason: "because \"é\"\n",
            version: saga == nil ? nil : 3, outcome: "done", detail: "")
    }

    private struct Everything {
        var rows: [SagaRow]
        var journal: [JournalEntry]
        var notices: [StoredNotice]
        var prints: [StoredPrint]
        var seals: [StoreSeal]
        var incarnation: Incarnation
    }

    private static func everything(on bench: StoreBench) async throws -> Everything {
        Everything(
            rows: try await bench.store.search(SagaQuery()).rows, journal: try await bench.journal("SG-1"),
            notices: try await bench.store.notices(NoticeQuery()),
            prints: try await bench.store.prints(under: nil, limit: 10, offset: 0), seals: try await bench.seals(),
            incarnation: try await bench.store.incarnation())
    }
}
