internal import SagaEngine

extension StoreLaws {
    static let notices: [StoreLaw] = arriving + quarantining + repeating + contradicting + expecting

    private static let arriving: [StoreLaw] = [
        StoreLaw("a notice that is expected goes to its saga and wakes it") { bench in
            let lease = try await bench.lease("r1")
            let number = try await bench.sleeper(
                "SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            try bench.equal(try await bench.claim(under: lease), [], "claimed before the notice")
            let notice = bench.notice("n1", about: "ref-1", body: "{\"ok\":true}")
            let result = try await bench.run(.notice(NewNotice(notice: notice)))
            try bench.result(result, is: "noticed(fresh, SG-1)", "the notice")
            try bench.equal(try await bench.nextWake(), bench.clock.now(), "next wake")
            let claims = try await bench.claim(under: lease)
            try bench.equal(claims.map(\.number), [number], "claimed after the notice")
            let loaded = try await bench.store.load(claims)
            try bench.equal(loaded.flatMap(\.notices).map(\.notice), [notice.withoutBody], "notices loaded")
            try bench.equal(loaded.flatMap(\.notices).map(\.receivedAt), [bench.clock.now()], "time of receipt")
        },
        StoreLaw("a notice that nobody expects is an orphan and wakes nobody") { bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            let other = try await bench.run(.notice(NewNotice(notice: bench.notice("n1", about: "ref-2"))))
            try bench.result(other, is: "noticed(orphan, nobody)", "another reference")
            let bank = bench.notice("n1", about: "ref-1", source: "bank")
            let foreign = try await bench.run(.notice(NewNotice(notice: bank)))
            try bench.result(foreign, is: "noticed(orphan, nobody)", "another counterparty")
            try bench.equal(try await bench.claim(under: lease), [], "claimed")
        },
        StoreLaw("references and ids that only look alike are others") { bench in
            let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(onNotice: true), expecting: composed)
            let foreign = try await bench.run(.notice(NewNotice(notice: bench.notice(composed, about: decomposed))))
            try bench.result(foreign, is: "noticed(orphan, nobody)", "another spelling of the reference")
            let genuine = try await bench.run(.notice(NewNotice(notice: bench.notice(decomposed, about: composed))))
            try bench.result(genuine, is: "noticed(fresh, SG-1)", "another spelling of the id")
        },
        StoreLaw("a notice for a saga that has ended is late, and kept") { bench in
            let lease = try await bench.lease("r1")
            try await bench.ended("SG-1", under: lease, expecting: "ref-1")
            let result = try await bench.run(.notice(NewNotice(notice: bench.notice("n1", about: "ref-1"))))
            try bench.result(result, is: "noticed(late, SG-1)", "the notice")
            try bench.equal(try await bench.claim(under: lease), [], "claimed")
        },
        StoreLaw("numbers of notices rise with their arrival") { bench in
            let first = try await bench.keep(bench.notice("n2", about: "ref-1"), as: .orphan)
            let second = try await bench.keep(bench.notice("n1", about: "ref-2"), as: .orphan)
            try bench.isTrue(second > first, "number \(second) after \(first)")
        },
    ]

    private static let repeating: [StoreLaw] = [
        StoreLaw("a repeated notice is a duplicate and wakes nobody twice") { bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            let notice = bench.notice("n1", about: "ref-1")
            let number = try await bench.keep(notice, as: .fresh)
            try await sleepAgain("SG-1", on: bench, under: lease, seen: number)
            let again = try await bench.run(.notice(NewNotice(notice: notice)))
            guard case .duplicate(number) = again else { throw LawBroken("repetition: \(again), not of \(number)") }
            try bench.equal(try await bench.claim(under: lease), [], "claimed for a repetition")
            let count = try await bench.store.notices(NoticeQuery()).count
            try bench.equal(count, 1, "notices kept")
        },
        StoreLaw("another body under a known id is kept as a conflict of its saga and wakes nobody") { bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            let number = try await bench.keep(bench.notice("n1", about: "ref-1", body: "{\"n\":1}"), as: .fresh)
            try await sleepAgain("SG-1", on: bench, under: lease, seen: number)
            let other = NewNotice(notice: bench.notice("n1", about: "ref-1", body: "{\"n\":2}"))
            try bench.result(try await bench.run(.notice(other)), is: "noticed(conflicting, SG-1)", "another body")
            try bench.result(try await bench.run(.notice(other)), is: "duplicate", "its repetition")
            let third = NewNotice(notice: bench.notice("n1", about: "ref-1", body: "{\"n\":3}"))
            try bench.result(try await bench.run(.notice(third)), is: "noticed(conflicting, SG-1)", "a third body")
            try bench.equal(try await bench.claim(under: lease), [], "claimed for a conflict")
            let kept = try await bench.store.notices(NoticeQuery(standing: .conflicting))
            try bench.equal(kept.map(\.notice), [third.notice, other.notice], "conflicts kept")
        },
        StoreLaw("a conflict about a reference that nobody expects belongs to nobody") { bench in
            try await bench.keep(bench.notice("n1", about: "ref-1", body: "1"), as: .orphan)
            let other = NewNotice(notice: bench.notice("n1", about: "ref-1", body: "2"))
            try bench.result(try await bench.run(.notice(other)), is: "noticed(conflicting, nobody)", "a conflict")
        },
        StoreLaw("one id at two counterparties is two notices") { bench in
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .orphan)
            try await bench.keep(bench.notice("n1", about: "ref-1", source: "bank"), as: .orphan)
        },
        StoreLaw("a notice twice in one batch is kept once") { bench in
            let notice = StoreOperation.notice(NewNotice(notice: bench.notice("n1", about: "ref-1")))
            let results = try await bench.store.commit([notice, notice], under: nil)
            try bench.equal(results.map(\.summary), ["noticed(orphan, nobody)", "duplicate"], "results")
        },
    ]

    private static let refused = Notice.Verdict.refused(RefusalReason(code: "frozen", message: "it is frozen"))

    private static let contradicting: [StoreLaw] = [
        StoreLaw("the opposite of what a stage has taken is a conflict, be its saga at work or at its end") { bench in
            let lease = try await bench.lease("r1")
            for (id, verdict, opposite) in [("SG-1", Notice.Verdict.settled, refused), ("SG-2", refused, .settled)] {
                let reference = "ref-\(id)"
                let claim = try await bench.held(id, under: lease)
                var first = try await bench.append(to: id, .claim(fence: claim.fence))
                first.expectations = [try bench.expectation(reference, by: id)]
                try await bench.commit(first, under: lease)
                let taken = try await bench.keep(
                    bench.notice("\(id)-n1", about: reference, saying: verdict), as: .fresh)
                var second = try await bench.append(to: id, .claim(fence: claim.fence))
                second.notices = [NoticeUse(number: taken, standing: .consumed)]
                try await bench.commit(second, under: lease)
                let result = try await bench.run(
                    .notice(NewNotice(notice: bench.notice("\(id)-n2", about: reference, saying: opposite))))
                try bench.result(result, is: "noticed(conflicting, \(id))", "the opposite of \(verdict)")
                try await bench.keep(bench.notice("\(id)-n3", about: reference, saying: verdict), as: .fresh)
                try await bench.keep(
                    bench.notice("\(id)-n4", about: reference, saying: .progress("later")), as: .fresh)
                let loaded = try await bench.store.load([claim])
                try bench.equal(
                    loaded.flatMap(\.notices).map(\.notice.id), ["\(id)-n3", "\(id)-n4"], "notices loaded")
                try await bench.commit(
                    try await bench.append(
                        to: id, .claim(fence: claim.fence), .end(output: Array("1".utf8)), status: .completed),
                    under: lease)
                try await bench.keep(bench.notice("\(id)-n5", about: reference, saying: opposite), as: .conflicting)
                try await bench.keep(bench.notice("\(id)-n6", about: reference, saying: verdict), as: .late)
            }
        },
        StoreLaw("what states another fact than a notice that a stage has taken is a conflict, whatever both say") {
            bench in
            let lease = try await bench.lease("r1")
            for (id, verdict) in [("SG-1", Notice.Verdict.settled), ("SG-2", refused)] {
                let (reference, stated): (String, Facts) = ("ref-\(id)", ["amount": "15.21", "to": "A-1"])
                let claim = try await bench.held(id, under: lease)
                var first = try await bench.append(to: id, .claim(fence: claim.fence))
                first.expectations = [try bench.expectation(reference, by: id)]
                try await bench.commit(first, under: lease)
                let genuine = bench.notice("\(id)-n1", about: reference, saying: verdict, stating: stated)
                let taken = try await bench.keep(genuine, as: .fresh)
                var second = try await bench.append(to: id, .claim(fence: claim.fence))
                second.notices = [NoticeUse(number: taken, standing: .consumed)]
                try await bench.commit(second, under: lease)
                try await judge(id, verdict, "at work", usual: .fresh)
                try await bench.commit(
                    try await bench.append(
                        to: id, .claim(fence: claim.fence), .end(output: Array("1".utf8)), status: .completed),
                    under: lease)
                try await judge(id, verdict, "at its end", usual: .late)
            }
            func judge(_ id: String, _ verdict: Notice.Verdict, _ when: String, usual: NoticeStanding) async throws {
                let told: [(Facts, NoticeStanding)] = [
                    (["amount": "0.01", "to": "A-1"], .conflicting), (["to": "A-2"], .conflicting),
                    (["to": "A-1", "amount": "15.21"], usual), ([:], usual), (["from": "A-3"], usual),
                ]
                for (index, (facts, standing)) in told.enumerated() {
                    try await bench.keep(
                        bench.notice("\(id)-\(index)-\(when)", about: "ref-\(id)", saying: verdict, stating: facts),
                        as: standing)
                }
            }
        },
        StoreLaw("a refusal contradicts no settlement of another reference, nor one that no stage has taken") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.expectations = [
                try bench.expectation("ref-1", by: "SG-1"), try bench.expectation("ref-2", by: "SG-1", stage: "mint"),
            ]
            try await bench.commit(first, under: lease)
            let taken = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)
            var second = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            second.notices = [NoticeUse(number: taken, standing: .consumed)]
            try await bench.commit(second, under: lease)
            try await bench.keep(bench.notice("n2", about: "ref-2"), as: .fresh)
            try await bench.keep(bench.notice("n3", about: "ref-2", saying: refused), as: .fresh)
        },
    ]

    private static let expecting: [StoreLaw] = [
        StoreLaw("a later expectation adopts the orphans that came before it") { bench in
            let lease = try await bench.lease("r1")
            let early = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .orphan)
            let other = try await bench.keep(bench.notice("n2", about: "ref-2"), as: .orphan)
            let claim = try await bench.held("SG-1", under: lease)
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            append.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(append, under: lease)
            let loaded = try await bench.store.load([claim])
            try bench.equal(loaded.flatMap(\.notices).map(\.number), [early], "notices of the saga")
            try bench.equal(loaded.map(\.lastNotice), [early], "last notice")
            let orphans = try await bench.store.notices(NoticeQuery(standing: .orphan))
            try bench.equal(orphans.map(\.number), [other], "orphans left")
        },
        StoreLaw("an expectation may be repeated for its key and is refused for another") { bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(), expecting: "ref-1")
            let claim = try await bench.held("SG-2", under: lease)
            let before = try await bench.row("SG-2")
            var thief = try await bench.append(to: "SG-2", .claim(fence: claim.fence))
            thief.expectations = [
                try bench.expectation("ref-2", by: "SG-2"), try bench.expectation("ref-1", by: "SG-2"),
            ]
            let result = try await bench.run(.append(thief), under: lease)
            try bench.result(result, is: "violated(expectation.taken)", "an expectation for another key")
            try await bench.unchanged("SG-2", since: before)
            try await bench.keep(bench.notice("n2", about: "ref-2"), as: .orphan)
            var again = try await bench.append(to: "SG-1", .version(1), .release)
            again.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(again)
            let notice = NewNotice(notice: bench.notice("n1", about: "ref-1"))
            try bench.result(try await bench.run(.notice(notice)), is: "noticed(fresh, SG-1)", "the notice")
        },
        StoreLaw("an append decides about notices: what is no longer fresh is not loaded, but counted") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(first, under: lease)
            var numbers: [Int64] = []
            for id in ["n1", "n2", "n3"] {
                numbers.append(try await bench.keep(bench.notice(id, about: "ref-1"), as: .fresh))
            }
            var second = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            second.notices = [
                NoticeUse(number: numbers[0], standing: .consumed),
                NoticeUse(number: numbers[2], standing: .mismatched),
            ]
            try await bench.commit(second, under: lease)
            let loaded = try await bench.store.load([claim])
            try bench.equal(loaded.flatMap(\.notices).map(\.number), [numbers[1]], "fresh notices")
            try bench.equal(loaded.map(\.lastNotice), [numbers[2]], "last notice")
            let kept = try await bench.store.notices(NoticeQuery(saga: try bench.sagaID("SG-1")))
            try bench.equal(kept.map(\.standing), [.mismatched, .fresh, .consumed], "standings, newest first")
        },
    ]

    /// Claims a saga that its notice has woken, and lays it down again having seen the notice.
    static func sleepAgain(_ id: String, on bench: StoreBench, under lease: Lease, seen: Int64) async throws {
        for claim in try await bench.claim(under: lease) {
            var append = try await bench.append(
                to: id, .claim(fence: claim.fence), .sleep(Wake(onNotice: true)), status: .waiting)
            append.noticesSeen = seen
            try bench.isFalse(try await bench.commit(append, under: lease), "\(id) did not go back to sleep")
        }
    }
}
