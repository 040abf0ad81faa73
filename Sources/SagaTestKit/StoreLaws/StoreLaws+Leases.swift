internal import SagaEngine

extension StoreLaws {
    static let leases: [StoreLaw] = leaseLife + claiming

    private static let leaseLife: [StoreLaw] = [
        StoreLaw("lease epochs rise over all runners") { bench in
            let first = try await bench.lease("r1")
            let second = try await bench.lease("r2")
            try bench.isTrue(second.epoch > first.epoch, "epoch \(second.epoch) after \(first.epoch)")
            try bench.equal(first.expires, bench.clock.now() + .seconds(30), "expiry")
        },
        StoreLaw("a living lease is prolonged under its epoch") { bench in
            let first = try await bench.lease("r1")
            bench.clock.advance(by: .seconds(10))
            let second = try await bench.lease("r1")
            try bench.equal(second.epoch, first.epoch, "epoch")
            try bench.equal(second.expires, bench.clock.now() + .seconds(30), "expiry")
        },
        StoreLaw("an expired lease that nobody took over is renewed under its epoch, with its sagas") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            bench.clock.advance(by: .seconds(31))
            let renewed = try await bench.lease("r1")
            try bench.equal(renewed.epoch, lease.epoch, "epoch")
            let other = try await bench.lease("r2")
            try bench.equal(try await bench.claim(under: other), [], "what another can claim after the renewal")
            try await bench.commit(try await bench.append(to: "SG-1", .claim(fence: claim.fence)), under: renewed)
        },
        StoreLaw("an expired lease that held nothing survives the claims of others") { bench in
            let lease = try await bench.lease("r1")
            bench.clock.advance(by: .seconds(31))
            let other = try await bench.lease("r2")
            _ = try await bench.held("SG-1", under: other)
            try bench.equal(try await bench.lease("r1").epoch, lease.epoch, "epoch")
        },
        StoreLaw("a lease that was taken over is renewed under a new epoch only") { bench in
            let lease = try await bench.lease("r1")
            _ = try await bench.held("SG-1", under: lease)
            bench.clock.advance(by: .seconds(30))
            let other = try await bench.lease("r2")
            try bench.equal(try await bench.claim(under: other).count, 1, "sagas taken over")
            let renewed = try await bench.lease("r1")
            try bench.isTrue(renewed.epoch > other.epoch, "epoch \(renewed.epoch) after \(other.epoch)")
        },
        StoreLaw("a released lease gives its sagas up at once and returns under a new epoch") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            try bench.result(try await bench.run(.release(lease.runner)), is: "done", "releasing")
            let other = try await bench.lease("r2")
            let taken = try await bench.claim(under: other)
            try bench.equal(taken.map(\.number), [claim.number], "what another can claim")
            let append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            try bench.result(try await bench.run(.append(append), under: lease), is: "fenced", "an old append")
            let renewed = try await bench.lease("r1")
            try bench.isTrue(renewed.epoch > other.epoch, "epoch \(renewed.epoch) after \(other.epoch)")
        },
        StoreLaw("releasing a lease that does not exist does nothing") { bench in
            try bench.result(try await bench.run(.release(RunnerID("nobody"))), is: "done", "releasing")
        },
        StoreLaw("a lease taken over fences claims and appends, and lets the rest of the batch through") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            bench.clock.advance(by: .seconds(31))
            let other = try await bench.lease("r2")
            _ = try await bench.claim(under: other)
            let before = try await bench.row("SG-1")
            let append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            let results = try await bench.store.commit(
                [
                    .append(append), .claim(ClaimRequest(limit: 1, flows: [StoreBench.flow])),
                    .submit(try bench.seed("SG-2")), .notice(NewNotice(notice: bench.notice("n1", about: "ref"))),
                ], under: lease)
            let expected = ["fenced", "fenced", "submitted", "noticed(orphan, nobody)"]
            try bench.equal(results.map(\.summary), expected, "results")
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("an expired lease that nobody took over may still append, but not claim") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            try await bench.submit("SG-2")
            bench.clock.advance(by: .seconds(31))
            let append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            let request = ClaimRequest(limit: 1, flows: [StoreBench.flow])
            let results = try await bench.store.commit([.append(append), .claim(request)], under: lease)
            try bench.equal(results.map(\.summary), ["appended(held: true)", "fenced"], "results")
        },
        StoreLaw("nothing is claimed without a lease") { bench in
            try await bench.submit("SG-1")
            let result = try await bench.run(.claim(ClaimRequest(limit: 1, flows: [StoreBench.flow])))
            try bench.result(result, is: "fenced", "a claim without a lease")
        },
    ]

    private static let claiming: [StoreLaw] = [
        StoreLaw("a saga that somebody holds under a living lease is claimed by nobody else") { bench in
            let lease = try await bench.lease("r1")
            _ = try await bench.held("SG-1", under: lease)
            let other = try await bench.lease("r2")
            try bench.equal(try await bench.claim(under: other), [], "claimed by another")
            try bench.equal(try await bench.claim(under: lease), [], "claimed twice by its holder")
        },
        StoreLaw("fences rise with every claim") { bench in
            let lease = try await bench.lease("r1")
            let first = try await bench.held("SG-1", under: lease)
            try await bench.commit(
                try await bench.append(to: "SG-1", .claim(fence: first.fence), .release), under: lease)
            let second = try await bench.claim(under: lease)
            try bench.equal(second.count, 1, "sagas claimed again")
            try bench.isTrue(second.allSatisfy { $0.fence > first.fence }, "fence \(second) after \(first)")
        },
        StoreLaw("sagas of an expired lease are taken over, and the old fence is refused") { bench in
            let lease = try await bench.lease("r1")
            let old = try await bench.held("SG-1", under: lease)
            bench.clock.advance(by: .seconds(30))
            let other = try await bench.lease("r2")
            let new = try await bench.claim(under: other)
            try bench.equal(new.map(\.number), [old.number], "sagas taken over")
            try bench.isTrue(new.allSatisfy { $0.fence > old.fence }, "fence \(new) after \(old)")
            let before = try await bench.row("SG-1")
            let stale = try await bench.append(to: "SG-1", .claim(fence: old.fence))
            try bench.result(try await bench.run(.append(stale), under: lease), is: "fenced", "under the old lease")
            try bench.result(try await bench.run(.append(stale), under: other), is: "fenced", "with the old fence")
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("only flows and versions that the runner knows are claimed") { bench in
            let newer = FlowID(name: StoreBench.flow.name, version: 2)
            let known = try await bench.submit("SG-1")
            try await bench.submit("SG-2", flow: newer)
            try await bench.submit("SG-3", flow: FlowID(name: "other", version: 1))
            let lease = try await bench.lease("r1")
            try bench.equal(try await bench.claim(flows: [], under: lease), [], "claimed for no flow")
            try bench.equal(try await bench.claim(under: lease).map(\.number), [known], "claimed")
            try bench.equal(try await bench.claim(flows: [newer, newer], under: lease).count, 1, "claimed later")
        },
        StoreLaw("no more sagas are claimed than asked for, the longest ready first") { bench in
            for id in ["SG-3", "SG-1", "SG-2"] {
                try await bench.submit(id)
                bench.clock.advance(by: .seconds(1))
            }
            let lease = try await bench.lease("r1")
            var order: [SagaNumber] = []
            for _ in 0..<3 {
                let claims = try await bench.claim(1, under: lease)
                try bench.equal(claims.count, 1, "sagas claimed at once")
                order.append(contentsOf: claims.map(\.number))
            }
            var expected: [SagaNumber] = []
            for id in ["SG-3", "SG-1", "SG-2"] { expected.append(try await bench.row(id).number) }
            try bench.equal(order, expected, "order of the claims")
        },
        StoreLaw("a saga that was due earlier is claimed before one that became ready later") { bench in
            let lease = try await bench.lease("r1", for: .hours(1))
            let start = bench.clock.now()
            let late = try await bench.sleeper("SG-1", under: lease, until: Wake(at: start + .seconds(20)))
            let early = try await bench.sleeper("SG-2", under: lease, until: Wake(at: start + .seconds(10)))
            bench.clock.advance(by: .seconds(15))
            let between = try await bench.submit("SG-3")
            bench.clock.advance(by: .seconds(15))
            let order = try await bench.claim(under: lease).map(\.number)
            try bench.equal(order, [early, between, late], "order of the claims")
        },
        StoreLaw("what is ready is claimed at once, also after the clock was set back") { bench in
            let first = try await bench.submit("SG-1")
            bench.clock.advance(to: bench.clock.now() + Span(milliseconds: -3_600_000))
            let second = try await bench.submit("SG-2")
            let lease = try await bench.lease("r1")
            let moment = bench.clock.now() + .minutes(5)
            try bench.equal(try await bench.claim(under: lease).map(\.number).sorted(), [first, second], "claimed")
            try bench.equal(try await bench.nextWake(), lease.expires, "next wake")
            let sleeper = try await bench.sleeper("SG-3", under: lease, until: Wake(at: moment))
            bench.clock.advance(to: bench.clock.now() + Span(milliseconds: -3_600_000))
            try await bench.submit("SG-4")
            try bench.equal(try await bench.claim(under: lease).count, 1, "claimed while another sleeps")
            bench.clock.advance(to: moment)
            let renewed = try await bench.lease("r1")
            try bench.equal(try await bench.claim(under: renewed).map(\.number), [sleeper], "claimed when due")
        },
        StoreLaw("a claim changes nothing that people see") { bench in
            let lease = try await bench.lease("r1")
            try await bench.submit("SG-1")
            let before = try await bench.row("SG-1")
            let claim = try await bench.claim(under: lease).first ?? Claim(number: 0, fence: 0)
            try await bench.unchanged("SG-1", since: before)
            try await bench.commit(
                try await bench.append(to: "SG-1", .claim(fence: claim.fence), .release, status: .stuck), under: lease)
            try bench.equal(try await bench.claim(under: lease).count, 1, "sagas claimed again")
            try bench.equal(try await bench.row("SG-1").standing.status, .stuck, "status after the second claim")
        },
    ]
}
