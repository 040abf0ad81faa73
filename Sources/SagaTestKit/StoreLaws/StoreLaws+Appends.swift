internal import SagaEngine

extension StoreLaws {
    static let appends: [StoreLaw] = appending + operating

    private static let appending: [StoreLaw] = [
        StoreLaw("an append extends the journal, moves the head and keeps the hold") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            bench.clock.advance(by: .seconds(3))
            let append = try await bench.append(to: "SG-1", .claim(fence: claim.fence), entries: 3)
            let isHeld = try await bench.commit(append, under: lease)
            try bench.isTrue(isHeld, "the holder lost its hold")
            try bench.equal(try await bench.journal("SG-1"), append.entries, "journal")
            let row = try await bench.row("SG-1")
            try bench.equal(row.sequence, 3, "sequence")
            try bench.equal(row.head, append.entries[2].link, "head")
            try bench.equal(row.updatedAt, bench.clock.now(), "time of the last change")
        },
        StoreLaw("an append with a wrong fence, or without the lease, is refused and writes nothing") { bench in
            let lease = try await bench.lease("r1")
            let other = try await bench.lease("r2")
            let claim = try await bench.held("SG-1", under: lease)
            let before = try await bench.row("SG-1")
            let right = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            var low = right
            low.right = .claim(fence: claim.fence - 1)
            var high = right
            high.right = .claim(fence: claim.fence + 1)
            try bench.result(try await bench.run(.append(low), under: lease), is: "fenced", "a lower fence")
            try bench.result(try await bench.run(.append(high), under: lease), is: "fenced", "a higher fence")
            try bench.result(try await bench.run(.append(right), under: other), is: "fenced", "another's lease")
            try bench.result(try await bench.run(.append(right)), is: "fenced", "no lease")
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("a gap or a repetition in the sequence is a misuse, and nothing of its batch is written") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            let before = try await bench.row("SG-1")
            for start in [1, -1] {
                var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
                append.entries = bench.entries(1, after: before.sequence + start, head: before.head)
                do {
                    _ = try await bench.store.commit(
                        [.submit(try bench.seed("SG-2")), .append(append)], under: lease)
                    throw LawBroken("an entry \(start) beside its place was accepted")
                } catch let error as StoreError {
                    try bench.equal(error.code, .misuse, "error code")
                }
            }
            try await bench.unchanged("SG-1", since: before)
            try bench.equal(try await bench.store.search(SagaQuery()).total, 1, "number of sagas")
        },
        StoreLaw("two appends of one saga in one batch follow on each other") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            let first = try await bench.append(to: "SG-1", .claim(fence: claim.fence), entries: 2)
            var second = first
            second.entries = bench.entries(2, after: 2, head: first.entries[1].link)
            let results = try await bench.store.commit([.append(first), .append(second)], under: lease)
            let expected = ["appended(held: true)", "appended(held: true)"]
            try bench.equal(results.map(\.summary), expected, "results")
            try bench.equal(try await bench.journal("SG-1").map(\.sequence), [1, 2, 3, 4], "sequence numbers")
        },
        StoreLaw("a refused append spoils no other operation of its batch") { bench in
            let lease = try await bench.lease("r1")
            let first = try await bench.held("SG-1", under: lease)
            let second = try await bench.held("SG-2", under: lease)
            let good = try await bench.append(to: "SG-1", .claim(fence: first.fence))
            let bad = try await bench.append(to: "SG-2", .claim(fence: second.fence + 1))
            let results = try await bench.store.commit(
                [.append(bad), .append(good), .submit(try bench.seed("SG-3"))], under: lease)
            try bench.equal(results.map(\.summary), ["fenced", "appended(held: true)", "submitted"], "results")
            try bench.equal(try await bench.row("SG-1").sequence, 1, "sequence of the good one")
            try bench.equal(try await bench.row("SG-2").sequence, 0, "sequence of the refused one")
        },
        StoreLaw("a saga that ended is never claimed again and refuses every further append") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.ended("SG-1", under: lease)
            let before = try await bench.row("SG-1")
            try bench.equal(before.output, Array("1".utf8), "output")
            try bench.equal(before.standing.status, .completed, "status")
            try bench.equal(try await bench.claim(under: lease), [], "claimed after the end")
            let held = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            try bench.result(try await bench.run(.append(held), under: lease), is: "fenced", "its last holder")
            let operated = try await bench.append(to: "SG-1", .version(before.sequence), .release)
            try bench.result(try await bench.run(.append(operated)), is: "stale(1)", "an operator")
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("an append to a saga that does not exist is answered with missing") { bench in
            let append = Append(
                saga: 4_711, right: .version(0), entries: [], disposition: .release,
                standing: Standing(status: .running))
            try bench.result(try await bench.run(.append(append)), is: "missing", "an unknown saga")
        },
        StoreLaw("a released saga can be claimed at once") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            let isHeld = try await bench.commit(
                try await bench.append(to: "SG-1", .claim(fence: claim.fence), .release), under: lease)
            try bench.isFalse(isHeld, "a released saga is still held")
            let other = try await bench.lease("r2")
            try bench.equal(try await bench.claim(under: other).map(\.number), [claim.number], "claimed by another")
        },
        StoreLaw("the standing of an append is kept whole") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            append.standing = Standing(
                status: .stuck, predicament: Array("{\"why\":\"é\"}".utf8),
                exposures: [
                    Exposure(asset: "SGD", amount: Int128(Int64.max) * 4, decimals: 2),
                    Exposure(asset: "DABS", amount: -1, decimals: 0),
                ], pivoted: true)
            try await bench.commit(append, under: lease)
            try bench.equal(try await bench.row("SG-1").standing, append.standing, "standing")
        },
    ]

    private static let operating: [StoreLaw] = [
        StoreLaw("an operator's append needs the last sequence number, takes no hold and lets the saga be claimed") {
            bench in
            let lease = try await bench.lease("r1")
            try await bench.sleeper("SG-1", under: lease, until: Wake())
            let before = try await bench.row("SG-1")
            let old = try await bench.append(to: "SG-1", .version(before.sequence - 1), .release)
            try bench.result(try await bench.run(.append(old)), is: "stale(1)", "an old version")
            try await bench.unchanged("SG-1", since: before)
            let good = try await bench.append(to: "SG-1", .version(before.sequence), .release)
            try bench.result(try await bench.run(.append(good)), is: "appended(held: false)", "the right version")
            try bench.result(try await bench.run(.append(good)), is: "stale(2)", "the same once more")
            try bench.equal(try await bench.claim(under: lease).count, 1, "sagas claimed afterwards")
        },
        StoreLaw("an operator's append is refused while a runner holds the saga") { bench in
            let lease = try await bench.lease("r1")
            _ = try await bench.held("SG-1", under: lease)
            let before = try await bench.row("SG-1")
            let append = try await bench.append(to: "SG-1", .version(0), .release)
            try bench.result(try await bench.run(.append(append)), is: "busy", "an operator's append")
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("an operator may append once the holder's lease is over, and the old holder is fenced out") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            bench.clock.advance(by: .seconds(30))
            let operated = try await bench.append(to: "SG-1", .version(0), .release)
            try bench.result(try await bench.run(.append(operated)), is: "appended(held: false)", "the operator")
            let held = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            try bench.result(try await bench.run(.append(held), under: lease), is: "fenced", "the old holder")
            let other = try await bench.lease("r2")
            let again = try await bench.claim(under: other)
            try bench.equal(again.map(\.number), [claim.number], "claimed afterwards")
            try bench.isTrue(again.allSatisfy { $0.fence > claim.fence }, "fence \(again) after \(claim)")
        },
        StoreLaw("of two operators with the same version one wins, within a batch too") { bench in
            try await bench.submit("SG-1")
            let append = try await bench.append(to: "SG-1", .version(0), .release)
            let results = try await bench.store.commit([.append(append), .append(append)], under: nil)
            try bench.equal(results.map(\.summary), ["appended(held: false)", "stale(1)"], "results")
        },
    ]
}
