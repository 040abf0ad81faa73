internal import SagaEngine

extension StoreLaws {
    static let waits: [StoreLaw] = sleeping + lookingBeforeSleeping

    private static let sleeping: [StoreLaw] = [
        StoreLaw("a sleeping saga is claimed from its moment on, and not before") { bench in
            let lease = try await bench.lease("r1", for: .hours(1))
            let moment = bench.clock.now() + .minutes(10)
            let number = try await bench.sleeper("SG-1", under: lease, until: Wake(at: moment))
            try bench.equal(try await bench.row("SG-1").wakeAt, moment, "moment in the row")
            try bench.equal(try await bench.nextWake(), moment, "next wake")
            bench.clock.advance(to: moment + .milliseconds(-1))
            try bench.equal(try await bench.claim(under: lease), [], "claimed a millisecond early")
            bench.clock.advance(to: moment)
            try bench.equal(try await bench.claim(under: lease).map(\.number), [number], "claimed at its moment")
        },
        StoreLaw("a saga that sleeps until a moment that has passed is due at once") { bench in
            let lease = try await bench.lease("r1")
            let number = try await bench.sleeper("SG-1", under: lease, until: Wake(at: bench.clock.now()))
            try bench.equal(try await bench.nextWake(), bench.clock.now(), "next wake")
            try bench.equal(try await bench.claim(under: lease).map(\.number), [number], "claimed")
        },
        StoreLaw("a saga that sleeps until nothing wakes for an operator only") { bench in
            let lease = try await bench.lease("r1", for: .hours(1))
            let number = try await bench.sleeper("SG-1", under: lease, until: Wake(), expecting: "ref-1")
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)
            bench.clock.advance(by: .minutes(30))
            try bench.equal(try await bench.claim(under: lease), [], "claimed without a reason")
            try bench.equal(try await bench.nextWake(), nil, "next wake")
            try await bench.commit(try await bench.append(to: "SG-1", .version(1), .release))
            try bench.equal(try await bench.claim(under: lease).map(\.number), [number], "claimed after the operator")
        },
        StoreLaw("the next wake is the earliest of all, and now when something can be claimed") { bench in
            try bench.equal(try await bench.nextWake(), nil, "next wake of an empty store")
            let lease = try await bench.lease("r1", for: .hours(9))
            let start = bench.clock.now()
            for (id, minutes) in [("SG-1", Int64(30)), ("SG-2", 10), ("SG-3", 20)] {
                try await bench.sleeper(id, under: lease, until: Wake(at: start + .minutes(minutes)))
            }
            try bench.equal(try await bench.nextWake(), start + .minutes(10), "next wake")
            try await bench.submit("SG-4")
            try bench.equal(try await bench.nextWake(), start, "next wake with a new saga")
        },
        StoreLaw("sagas of other flows have no part in the next wake") { bench in
            let other = FlowID(name: "distribution", version: 2)
            try await bench.submit("SG-1", flow: other)
            try bench.equal(try await bench.nextWake(), nil, "next wake beside another flow's new saga")
            try bench.equal(try await bench.nextWake(for: []), nil, "next wake for no flow")
            try bench.equal(
                try await bench.nextWake(for: [StoreBench.flow, other]), bench.clock.now(), "next wake for both")
            let lease = try await bench.lease("r1", for: .hours(1))
            let moment = bench.clock.now() + .minutes(10)
            let claims = try await bench.claim(flows: [other], under: lease)
            for claim in claims {
                let sleep = Disposition.sleep(Wake(at: moment))
                try await bench.commit(
                    try await bench.append(to: "SG-1", .claim(fence: claim.fence), sleep), under: lease)
            }
            try bench.equal(try await bench.nextWake(), nil, "next wake beside another flow's sleeper")
            try bench.equal(try await bench.nextWake(for: [other]), moment, "next wake for the other flow")
        },
        StoreLaw("what the next wake promises for now, a claim finds") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            bench.clock.advance(to: lease.expires)
            try bench.equal(try await bench.nextWake(), bench.clock.now(), "next wake when the lease has ended")
            let second = try await bench.lease("r2")
            try bench.equal(try await bench.claim(under: second).map(\.number), [claim.number], "taken over")
            try bench.equal(try await bench.nextWake(), second.expires, "next wake after the claim")
        },
        StoreLaw("the next wake tells when a lease that holds sagas expires") { bench in
            let lease = try await bench.lease("r1")
            try bench.equal(try await bench.nextWake(), nil, "next wake of a lease that holds nothing")
            _ = try await bench.held("SG-1", under: lease)
            try bench.equal(try await bench.nextWake(), lease.expires, "next wake")
        },
        StoreLaw("a claim ends the wait: a saga is not woken by what it slept for before") { bench in
            let lease = try await bench.lease("r1", for: .hours(1))
            let moment = bench.clock.now() + .minutes(1)
            try await bench.sleeper(
                "SG-1", under: lease, until: Wake(at: moment, onNotice: true), expecting: "ref-1")
            bench.clock.advance(to: moment)
            let claims = try await bench.claim(under: lease)
            try bench.equal(claims.count, 1, "sagas claimed")
            let sleep = Disposition.sleep(Wake())
            for claim in claims {
                let append = try await bench.append(to: "SG-1", .claim(fence: claim.fence), sleep)
                try await bench.commit(append, under: lease)
            }
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)
            bench.clock.advance(by: .minutes(10))
            try bench.equal(try await bench.claim(under: lease), [], "claimed for an old reason")
        },
    ]

    private static let lookingBeforeSleeping: [StoreLaw] = [
        StoreLaw("a notice that came while its saga worked keeps it from going to sleep") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(first, under: lease)
            let number = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)

            let wait = Disposition.sleep(Wake(onNotice: true))
            let blind = try await bench.append(to: "SG-1", .claim(fence: claim.fence), wait)
            let isHeld = try await bench.commit(blind, under: lease)
            try bench.isTrue(isHeld, "the saga went to sleep over a notice that it had not seen")
            var seeing = try await bench.append(to: "SG-1", .claim(fence: claim.fence), wait)
            seeing.noticesSeen = number
            let isStillHeld = try await bench.commit(seeing, under: lease)
            try bench.isFalse(isStillHeld, "a notice that was seen keeps its saga awake")
        },
        StoreLaw("a notice that is used up keeps nobody awake") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(first, under: lease)
            let number = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)
            var wait = try await bench.append(
                to: "SG-1", .claim(fence: claim.fence), .sleep(Wake(onNotice: true)))
            wait.notices = [NoticeUse(number: number, standing: .consumed)]
            try bench.isFalse(try await bench.commit(wait, under: lease), "the saga stays awake")
        },
        StoreLaw("a saga that does not wait for notices goes to sleep over one") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var wait = try await bench.append(
                to: "SG-1", .claim(fence: claim.fence), .sleep(Wake(at: bench.clock.now() + .minutes(1))))
            wait.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .orphan)
            try bench.isFalse(try await bench.commit(wait, under: lease), "the saga stays awake")
        },
        StoreLaw("a notice adopted by the append that wants to sleep keeps the saga awake, once") { bench in
            let lease = try await bench.lease("r1")
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .orphan)
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.expectations = [try bench.expectation("ref-2", by: "SG-1", stage: "mint")]
            try await bench.commit(first, under: lease)
            let later = try await bench.keep(bench.notice("n2", about: "ref-2"), as: .fresh)

            // The adopted notice has a lower number than one that the saga has seen already.
            let wait = Disposition.sleep(Wake(onNotice: true))
            var adopting = try await bench.append(to: "SG-1", .claim(fence: claim.fence), wait)
            adopting.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            adopting.noticesSeen = later
            let isHeld = try await bench.commit(adopting, under: lease)
            try bench.isTrue(isHeld, "the saga went to sleep over the notice it has just adopted")
            var again = try await bench.append(to: "SG-1", .claim(fence: claim.fence), wait)
            again.noticesSeen = later
            try bench.isFalse(try await bench.commit(again, under: lease), "the saga never gets to sleep")
        },
        StoreLaw("a notice bound while its saga works keeps it awake, whatever the notice's number") { bench in
            let lease = try await bench.lease("r1")
            let early = try await bench.keep(bench.notice("n1", about: "wrong"), as: .orphan)
            let claim = try await bench.held("SG-1", under: lease)
            let bound = try await bench.run(
                .assign(NoticeAssignment(number: early, saga: try bench.sagaID("SG-1"))))
            try bench.result(bound, is: "noticed(fresh, SG-1)", "binding")
            var wait = try await bench.append(
                to: "SG-1", .claim(fence: claim.fence), .sleep(Wake(onNotice: true)))
            wait.noticesSeen = early + 10
            let isHeld = try await bench.commit(wait, under: lease)
            try bench.isTrue(isHeld, "the saga went to sleep over a notice that was bound to it")
        },
        StoreLaw("a saga that an operator lays to sleep over an unseen notice can be claimed") { bench in
            let lease = try await bench.lease("r1")
            let number = try await bench.sleeper("SG-1", under: lease, until: Wake(), expecting: "ref-1")
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)
            let append = try await bench.append(to: "SG-1", .version(1), .sleep(Wake(onNotice: true)))
            try bench.isFalse(try await bench.commit(append), "an operator holds a saga")
            try bench.equal(try await bench.claim(under: lease).map(\.number), [number], "claimed")
        },
        StoreLaw("a wait for children that have all ended is over before it begins") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            let append = try await bench.append(
                to: "SG-1", .claim(fence: claim.fence), .sleep(Wake(onChildren: true)))
            try bench.isTrue(try await bench.commit(append, under: lease), "the saga sleeps for ever")
        },
    ]
}
