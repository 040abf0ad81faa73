internal import SagaEngine

extension StoreLaws {
    static let assignments: [StoreLaw] = [
        StoreLaw("an orphan bound to a saga becomes its own and wakes it") { bench in
            let lease = try await bench.lease("r1")
            let saga = try await bench.sleeper("SG-1", under: lease, until: Wake(onNotice: true))
            let number = try await bench.keep(bench.notice("n1", about: "wrong"), as: .orphan)
            let bound = try await bench.run(
                .assign(NoticeAssignment(number: number, saga: try bench.sagaID("SG-1"))))
            try bench.result(bound, is: "noticed(fresh, SG-1)", "binding")
            let claims = try await bench.claim(under: lease)
            try bench.equal(claims.map(\.number), [saga], "claimed")
            let loaded = try await bench.store.load(claims)
            try bench.equal(loaded.flatMap(\.notices).map(\.number), [number], "notices loaded")
            try bench.equal(try await bench.store.notices(NoticeQuery(standing: .orphan)).count, 0, "orphans left")
        },
        StoreLaw("a quarantined notice that is let out goes to the saga that expects it, or becomes an orphan") {
            bench in
            let lease = try await bench.lease("r1")
            let saga = try await bench.sleeper(
                "SG-1", under: lease, until: Wake(onNotice: true), expecting: "ref-1")
            let known = try await bench.keep(
                bench.notice("n1", about: "ref-1"), quarantined: true, as: .quarantined)
            let stray = try await bench.keep(
                bench.notice("n2", about: "ref-2"), quarantined: true, as: .quarantined)
            let orphaned = try await bench.run(.assign(NoticeAssignment(number: stray, saga: nil)))
            try bench.result(orphaned, is: "noticed(orphan, nobody)", "letting out what nobody expects")
            let released = try await bench.run(.assign(NoticeAssignment(number: known, saga: nil)))
            try bench.result(released, is: "noticed(fresh, SG-1)", "letting out what is expected")
            try bench.equal(try await bench.claim(under: lease).map(\.number), [saga], "claimed")
        },
        StoreLaw("conflicting and mismatched notices can be bound anew") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(first, under: lease)
            let one = try await bench.keep(bench.notice("n1", about: "ref-1", body: "1"), as: .fresh)
            let two = try await bench.keep(bench.notice("n1", about: "ref-1", body: "2"), as: .conflicting)
            var second = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            second.notices = [NoticeUse(number: one, standing: .mismatched)]
            try await bench.commit(second, under: lease)
            for number in [one, two] {
                let bound = try await bench.run(.assign(NoticeAssignment(number: number, saga: nil)))
                try bench.result(bound, is: "noticed(fresh, SG-1)", "binding notice \(number)")
            }
        },
        StoreLaw("a notice that contradicts its effect's end is late once it is bound, and wakes nobody") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var append = try await bench.append(
                to: "SG-1", .claim(fence: claim.fence), .sleep(Wake()), status: .stuck)
            append.entries = [try await bench.first(.refused, of: "SG-1", stage: "fund")]
            append.expectations = [
                try bench.expectation("ref-1", by: "SG-1"), try bench.expectation("ref-2", by: "SG-1", stage: "mint"),
            ]
            try await bench.commit(append, under: lease)
            let number = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .conflicting)
            let bound = try await bench.run(.assign(NoticeAssignment(number: number, saga: nil)))
            try bench.result(bound, is: "noticed(late, SG-1)", "binding it")
            let late = try await bench.store.notices(NoticeQuery(standing: .late))
            try bench.equal(late.map(\.number), [number], "late notices")
            try bench.equal(try await bench.claim(under: lease), [], "claimed")
            try await bench.keep(bench.notice("n2", about: "ref-2", body: "1"), as: .fresh)
            let other = try await bench.keep(bench.notice("n2", about: "ref-2", body: "2"), as: .conflicting)
            let anew = try await bench.run(.assign(NoticeAssignment(number: other, saga: nil)))
            try bench.result(anew, is: "noticed(fresh, SG-1)", "binding what contradicts no end")
        },
        StoreLaw("a notice that contradicts its effect's end is put aside before its saga has looked at it") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            append.entries = [try await bench.first(.refused, of: "SG-1", stage: "fund")]
            append.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(append, under: lease)
            let number = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)
            let bound = try await bench.run(.assign(NoticeAssignment(number: number, saga: nil)))
            try bench.result(bound, is: "noticed(late, SG-1)", "binding it")
            let stray = try await bench.keep(bench.notice("n2", about: "ref-1"), quarantined: true, as: .quarantined)
            let released = try await bench.run(.assign(NoticeAssignment(number: stray, saga: nil)))
            try bench.result(released, is: "noticed(conflicting, SG-1)", "letting out what contradicts it")
        },
        StoreLaw("a notice bound to another saga leaves the one it was with") { bench in
            let lease = try await bench.lease("r1")
            try await bench.ended("SG-1", under: lease, expecting: "ref-1")
            try await bench.submit("SG-2")
            let number = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .late)
            let bound = try await bench.run(
                .assign(NoticeAssignment(number: number, saga: try bench.sagaID("SG-2"))))
            try bench.result(bound, is: "noticed(fresh, SG-2)", "binding")
            for (id, count) in [("SG-1", 0), ("SG-2", 1)] {
                let notices = try await bench.store.notices(NoticeQuery(saga: try bench.sagaID(id)))
                try bench.equal(notices.count, count, "notices of \(id)")
            }
        },
        StoreLaw("a notice that is fresh or used up is not bound again") { bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake(), expecting: "ref-1")
            try await bench.submit("SG-2")
            let number = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .fresh)
            let assignment = NoticeAssignment(number: number, saga: try bench.sagaID("SG-2"))
            try bench.result(try await bench.run(.assign(assignment)), is: "stale(0)", "binding a fresh notice")
            var append = try await bench.append(to: "SG-1", .version(1), .release)
            append.notices = [NoticeUse(number: number, standing: .consumed)]
            try await bench.commit(append)
            try bench.result(try await bench.run(.assign(assignment)), is: "stale(0)", "binding a used notice")
            let notices = try await bench.store.notices(NoticeQuery(saga: try bench.sagaID("SG-1")))
            try bench.equal(notices.map(\.standing), [.consumed], "notices of SG-1")
        },
        StoreLaw("a notice or saga that does not exist cannot be bound") { bench in
            let none = try await bench.run(.assign(NoticeAssignment(number: 4_711, saga: nil)))
            try bench.result(none, is: "missing", "an unknown notice")
            let number = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .orphan)
            let nobody = try await bench.run(
                .assign(NoticeAssignment(number: number, saga: try bench.sagaID("SG-9"))))
            try bench.result(nobody, is: "missing", "an unknown saga")
            try bench.equal(try await bench.store.notices(NoticeQuery(standing: .orphan)).count, 1, "orphans left")
        },
    ]
}
