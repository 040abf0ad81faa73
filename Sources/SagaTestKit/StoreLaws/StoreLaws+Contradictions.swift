internal import SagaEngine

extension StoreLaws {
    /// Of notices that say the opposite of what a journal has, where no turn of their saga would look at them.
    static let contradictions: [StoreLaw] = [
        StoreLaw("a settlement contradicts a refusal in the journal, be its saga stuck or at its end") { bench in
            let lease = try await bench.lease("r1")
            for id in ["SG-1", "SG-2"] {
                let claim = try await bench.held(id, under: lease)
                var append = try await bench.append(to: id, .claim(fence: claim.fence))
                append.entries = [try await bench.first(.refused, of: id, stage: "fund")]
                append.expectations = [try bench.expectation("\(id)-ref", by: id)]
                try await end(append, of: id, on: bench, under: lease)
                try await bench.keep(bench.notice("\(id)-n1", about: "\(id)-ref"), as: .conflicting)
                let same = bench.notice("\(id)-n2", about: "\(id)-ref", saying: refusal)
                try await bench.keep(same, as: id == "SG-1" ? .fresh : .late)
                let said = bench.notice("\(id)-n3", about: "\(id)-ref", saying: .progress("soon"))
                try await bench.keep(said, as: id == "SG-1" ? .fresh : .late)
            }
        },
        StoreLaw("a refusal contradicts a settlement in the journal, be its saga stuck or at its end") { bench in
            let lease = try await bench.lease("r1")
            for kind in [EntryKind.notice, .found, .resolved] {
                for id in ["SG-1-\(kind.rawValue)", "SG-2-\(kind.rawValue)"] {
                    let claim = try await bench.held(id, under: lease)
                    var append = try await bench.append(to: id, .claim(fence: claim.fence))
                    append.entries = [
                        try await bench.first(kind, of: id, stage: "funded", body: #"{"order":"fund","x":1}"#)
                    ]
                    append.expectations = [
                        try bench.expectation("\(id)-ref", by: id),
                        try bench.expectation("\(id)-other", by: id, stage: "mint"),
                    ]
                    try await end(append, of: id, on: bench, under: lease)
                    try await bench.keep(
                        bench.notice("\(id)-n1", about: "\(id)-ref", saying: refusal), as: .conflicting)
                    let usual: NoticeStanding = id.hasPrefix("SG-1") ? .fresh : .late
                    try await bench.keep(bench.notice("\(id)-n2", about: "\(id)-ref"), as: usual)
                    try await bench.keep(bench.notice("\(id)-n3", about: "\(id)-other", saying: refusal), as: usual)
                }
            }
        },
        StoreLaw("a settlement does not contradict the refusal of another key") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-2", under: lease)
            var append = try await bench.append(to: "SG-2", .claim(fence: claim.fence))
            append.entries = [try await bench.first(.refused, of: "SG-2", stage: "fund", refusals: 1)]
            append.expectations = [
                try bench.expectation("ref-1", by: "SG-2"), try bench.expectation("ref-2", by: "SG-2", refusals: 1),
            ]
            try await end(append, of: "SG-2", on: bench, under: lease)
            try await bench.keep(bench.notice("n1", about: "ref-1"), as: .late)
            try await bench.keep(bench.notice("n2", about: "ref-2"), as: .conflicting)
        },
        StoreLaw("a settlement contradicts one in the journal that states another fact, not one that says as much") {
            bench in
            let lease = try await bench.lease("r1")
            let stated: Facts = ["amount": "15.21", "currency": "SGD"]
            let facts = #""facts":{"amount":"15.21","currency":"SGD"}"#
            for (kind, body) in [
                (EntryKind.notice, facts), (.found, #""receipt":{"id":"T-1","state":"settled",\#(facts)}"#),
                (.resolved, facts),
            ] {
                for id in ["SG-1-\(kind.rawValue)", "SG-2-\(kind.rawValue)"] {
                    let claim = try await bench.held(id, under: lease)
                    var append = try await bench.append(to: id, .claim(fence: claim.fence))
                    append.entries = [
                        try await bench.first(kind, of: id, stage: "funded", body: #"{"order":"fund",\#(body)}"#)
                    ]
                    append.expectations = [
                        try bench.expectation("\(id)-ref", by: id),
                        try bench.expectation("\(id)-other", by: id, stage: "mint"),
                    ]
                    try await end(append, of: id, on: bench, under: lease)
                    let usual: NoticeStanding = id.hasPrefix("SG-1") ? .fresh : .late
                    let told: [(String, Facts, NoticeStanding)] = [
                        ("ref", ["amount": "0.01", "currency": "SGD"], .conflicting), ("ref", stated, usual),
                        ("ref", ["currency": "USD"], .conflicting), ("ref", ["currency": "SGD"], usual),
                        ("ref", ["account": "A-1"], usual), ("other", ["amount": "0.01"], usual),
                    ]
                    for (index, (of, other, standing)) in told.enumerated() {
                        try await bench.keep(
                            bench.notice("\(id)-n\(index)", about: "\(id)-\(of)", stating: other), as: standing)
                    }
                    try await bench.keep(
                        bench.notice(
                            "\(id)-said", about: "\(id)-ref", saying: .progress("soon"), stating: ["amount": "0.01"]),
                        as: usual)
                }
            }
        },
        StoreLaw("what a turn of the saga will look at is fresh, whatever it contradicts") { bench in
            let lease = try await bench.lease("r1")
            for (id, status) in [("SG-1", SagaStatus.stuck), ("SG-2", .waiting)] {
                let claim = try await bench.held(id, under: lease)
                var append = try await bench.append(
                    to: id, .claim(fence: claim.fence), .sleep(Wake(onNotice: true)), status: status)
                append.entries = [try await bench.first(.refused, of: id, stage: "fund")]
                append.expectations = [try bench.expectation("\(id)-ref", by: id)]
                try await bench.commit(append, under: lease)
                let number = try await bench.keep(bench.notice("\(id)-n1", about: "\(id)-ref"), as: .fresh)
                let loaded = try await bench.store.load(try await bench.claim(under: lease))
                try bench.equal(loaded.flatMap(\.notices).map(\.number), [number], "notices loaded")
            }
        },
    ]

    private static let refusal = Notice.Verdict.refused(RefusalReason(code: "frozen", message: "it is frozen"))

    /// Leaves a saga stuck with nothing that wakes it when its id begins with SG-1, and ended otherwise.
    private static func end(
        _ append: Append, of id: String, on bench: StoreBench, under lease: Lease
    ) async throws {
        var append = append
        let isStuck = id.hasPrefix("SG-1")
        append.disposition = isStuck ? .sleep(Wake()) : .end(output: Array("1".utf8))
        append.standing = Standing(status: isStuck ? .stuck : .completed)
        try await bench.commit(append, under: lease)
    }
}
