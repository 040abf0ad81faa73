internal import SagaEngine

extension StoreLaws {
    static let quarantining: [StoreLaw] = keepingApart + lettingOut

    private static let keepingApart: [StoreLaw] = [
        StoreLaw("a quarantined notice belongs to nobody and wakes nobody") { bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            let notice = NewNotice(notice: bench.notice("n1", about: "ref-1"), quarantine: .stale)
            try bench.result(try await bench.run(.notice(notice)), is: "noticed(quarantined, nobody)", "the notice")
            try bench.equal(try await bench.claim(under: lease), [], "claimed")
        },
        StoreLaw("the quarantine is full at its limit, and holds up nothing else") { bench in
            let limit = NewNotice.quarantineLimit
            let batch = (1...limit + 1).map { number in
                StoreOperation.notice(
                    NewNotice(notice: bench.notice("q\(number)", about: "ref"), quarantine: .stale))
            }
            let results = try await bench.store.commit(batch, under: nil).map(\.summary)
            try bench.equal(results[limit - 1], "noticed(quarantined, nobody)", "the last one that fits")
            try bench.equal(results[limit], "full", "the first one too many")
            try bench.result(try await bench.run(batch[0]), is: "duplicate", "a repetition while full")
            try await bench.keep(bench.notice("n1", about: "ref"), as: .orphan)
            let first = try await bench.store.notices(NoticeQuery(standing: .quarantined, offset: limit - 1))
            for notice in first {
                try bench.result(
                    try await bench.run(.assign(NoticeAssignment(number: notice.number, saga: nil))),
                    is: "noticed(orphan, nobody)", "letting one out")
            }
            try bench.result(try await bench.run(batch[limit]), is: "noticed(quarantined, nobody)", "room again")
        },
        StoreLaw("each source has a quarantine of its own, and unknown keys leave half of it to signed notices") {
            bench in
            func notices(_ kind: NewNotice.Quarantine, _ range: Range<Int>, _ source: CounterpartyName = "custodian")
                -> [StoreOperation]
            {
                range.map { number in
                    let notice = bench.notice("\(kind)-\(number)", about: "ref", source: source)
                    return .notice(NewNotice(notice: notice, quarantine: kind))
                }
            }
            func outcomes(_ batch: [StoreOperation]) async throws -> [String: Int] {
                try await bench.store.commit(batch, under: nil).reduce(into: [:]) { $0[$1.summary, default: 0] += 1 }
            }
            let half = NewNotice.unknownKeyLimit
            let rest = NewNotice.quarantineLimit - half
            let kept = "noticed(quarantined, nobody)"
            let flood = try await outcomes(notices(.unknownKey, 0..<half + 3))
            try bench.equal(flood, [kept: half, "full": 3], "a flood under unknown keys")
            let stale = try await outcomes(notices(.stale, 0..<rest + 3))
            try bench.equal(stale, [kept: rest, "full": 3], "what is signed after it")
            let other = try await outcomes(notices(.unknownKey, 0..<2, "bank") + notices(.stale, 0..<2, "bank"))
            try bench.equal(other, [kept: 4], "another source")
        },
        StoreLaw("a quarantined notice never conflicts, and what is known already is not quarantined") { bench in
            let one = bench.notice("n1", about: "ref-1", body: "1")
            try await bench.keep(one, as: .orphan)
            let stale = try await bench.run(.notice(NewNotice(notice: one, quarantine: .stale)))
            try bench.result(stale, is: "duplicate", "a stale repetition of a verified notice")
            let other = bench.notice("n1", about: "ref-1", body: "2")
            try await bench.keep(other, quarantined: true, as: .quarantined)
            let again = try await bench.run(.notice(NewNotice(notice: other, quarantine: .stale)))
            try bench.result(again, is: "duplicate", "its repetition")
            try await bench.keep(
                bench.notice("n1", about: "ref-1", body: "3"), quarantined: true, as: .quarantined)
        },
    ]

    private static let lettingOut: [StoreLaw] = [
        StoreLaw("a quarantined notice that arrives verified comes out, and wakes its saga") { bench in
            let lease = try await bench.lease("r1")
            let saga = try await bench.sleeper(
                "SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            let notice = bench.notice("n1", about: "ref-1")
            let number = try await bench.keep(notice, quarantined: true, as: .quarantined)
            let genuine = Notice(
                source: notice.source, id: notice.id, claim: notice.claim, body: notice.body, headers: "fresh")
            let result = try await bench.run(.notice(NewNotice(notice: genuine)))
            try bench.result(result, is: "noticed(fresh, SG-1)", "the redelivery")
            try bench.result(
                try await bench.run(.notice(NewNotice(notice: genuine))), is: "duplicate", "its repetition")
            let claims = try await bench.claim(under: lease)
            try bench.equal(claims.map(\.number), [saga], "claimed")
            let loaded = try await bench.store.load(claims)
            try bench.equal(loaded.flatMap(\.notices).map(\.number), [number], "numbers loaded")
            try bench.equal(loaded.flatMap(\.notices).map(\.notice), [genuine.withoutBody], "notices loaded")
            try bench.equal(try await bench.store.notices(NoticeQuery()).count, 1, "notices kept")
        },
        StoreLaw("a quarantined notice that arrives verified is late or an orphan like any other") { bench in
            let lease = try await bench.lease("r1")
            try await bench.ended("SG-1", under: lease, expecting: "ref-1")
            for (id, reference, expected) in [
                ("n1", "ref-1", "noticed(late, SG-1)"), ("n2", "ref-2", "noticed(orphan, nobody)"),
            ] {
                let notice = bench.notice(id, about: reference)
                try await bench.keep(notice, quarantined: true, as: .quarantined)
                try bench.result(try await bench.run(.notice(NewNotice(notice: notice))), is: expected, id)
            }
        },
        StoreLaw("a notice let out while its saga works keeps it awake, whatever the notice's number") { bench in
            let lease = try await bench.lease("r1")
            let notice = bench.notice("n1", about: "ref-1")
            let number = try await bench.keep(notice, quarantined: true, as: .quarantined)
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(first, under: lease)
            let result = try await bench.run(.notice(NewNotice(notice: notice)))
            try bench.result(result, is: "noticed(fresh, SG-1)", "the redelivery")
            var wait = try await bench.append(
                to: "SG-1", .claim(fence: claim.fence), .sleep(Wake(onNotice: true)))
            wait.noticesSeen = number + 10
            let isHeld = try await bench.commit(wait, under: lease)
            try bench.isTrue(isHeld, "the saga went to sleep over a notice that had come out of the quarantine")
        },
        StoreLaw("another body under a quarantined id is a notice of its own, and the quarantined one stays") { bench in
            let lease = try await bench.lease("r1")
            let saga = try await bench.sleeper(
                "SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            let odd = bench.notice("n1", about: "ref-1", body: "1")
            try await bench.keep(odd, quarantined: true, as: .quarantined)
            try await bench.keep(bench.notice("n1", about: "ref-1", body: "2"), as: .fresh)
            try bench.equal(try await bench.claim(under: lease).map(\.number), [saga], "claimed")
            let left = try await bench.store.notices(NoticeQuery(standing: .quarantined))
            try bench.equal(left.map(\.notice), [odd], "the quarantine")
            let third = try await bench.run(.notice(NewNotice(notice: bench.notice("n1", about: "ref-1", body: "3"))))
            try bench.result(third, is: "noticed(conflicting, SG-1)", "a second verified body")
            let out = try await bench.run(.notice(NewNotice(notice: odd)))
            try bench.result(out, is: "noticed(conflicting, SG-1)", "the quarantined body, verified")
        },
        StoreLaw("a quarantined notice bound by an operator holds its id like any other") { bench in
            let notice = bench.notice("n1", about: "ref-1", body: "1")
            let number = try await bench.keep(notice, quarantined: true, as: .quarantined)
            let bound = try await bench.run(.assign(NoticeAssignment(number: number, saga: nil)))
            try bench.result(bound, is: "noticed(orphan, nobody)", "binding")
            try bench.result(try await bench.run(.notice(NewNotice(notice: notice))), is: "duplicate", "the same")
            let other = bench.notice("n1", about: "ref-1", body: "2")
            try bench.result(
                try await bench.run(.notice(NewNotice(notice: other))), is: "noticed(conflicting, nobody)", "another")
        },
    ]
}
