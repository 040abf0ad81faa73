internal import SagaEngine

extension StoreLaws {
    static let books: [StoreLaw] = [
        StoreLaw("records are written with their append, and later records see them") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            try bench.result(
                try await post(["add cash 5", "add cash -2"], claim, on: bench, under: lease),
                is: "appended(held: true)", "posting")
            try bench.result(
                try await post(["require cash 3"], claim, on: bench, under: lease), is: "appended(held: true)",
                "requiring what was posted")
            try bench.result(
                try await post(["require cash 4"], claim, on: bench, under: lease), is: "violated(law.differs)",
                "requiring what was not posted")
        },
        StoreLaw("a violation undoes everything of its append") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            let before = try await bench.row("SG-1")
            let orphan = try await bench.keep(bench.notice("n1", about: "ref-1"), as: .orphan)
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence), .end(output: []))
            append.standing = Standing(status: .completed)
            append.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            append.notices = [NoticeUse(number: orphan, standing: .consumed)]
            append.records = try records(["add cash 5", "violate"], on: bench)
            append.spawn = try brood(["INV-1"], on: bench)
            let result = try await bench.run(.append(append), under: lease)
            try bench.result(result, is: "violated(law.violated)", "the append")
            try await bench.unchanged("SG-1", since: before)
            try bench.equal(try await bench.store.search(SagaQuery()).total, 1, "number of sagas")
            let orphans = try await bench.store.notices(NoticeQuery(standing: .orphan))
            try bench.equal(orphans.map(\.number), [orphan], "orphans")
            try await bench.keep(bench.notice("n2", about: "ref-1"), as: .orphan)
            try bench.result(
                try await post(["require cash 0"], claim, on: bench, under: lease), is: "appended(held: true)",
                "the books and the hold after it")
        },
        StoreLaw("a violation spoils no other operation of its batch") { bench in
            let lease = try await bench.lease("r1")
            var operations: [StoreOperation] = []
            let texts = ["SG-1": ["add cash 1"], "SG-2": ["add cash 10", "violate"], "SG-3": ["add cash 100"]]
            for id in texts.keys.sorted() {
                let claim = try await bench.held(id, under: lease)
                var append = try await bench.append(to: id, .claim(fence: claim.fence))
                append.records = try records(texts[id] ?? [], on: bench)
                operations.append(.append(append))
            }
            let results = try await bench.store.commit(operations, under: lease)
            let expected = ["appended(held: true)", "violated(law.violated)", "appended(held: true)"]
            try bench.equal(results.map(\.summary), expected, "results")
            let claim = try await bench.held("SG-4", under: lease)
            try bench.result(
                try await post(["require cash 101"], claim, on: bench, under: lease), is: "appended(held: true)",
                "the sum of the good ones")
        },
        StoreLaw("records of one operation see those of the operations before it in the batch") { bench in
            let lease = try await bench.lease("r1")
            let first = try await bench.held("SG-1", under: lease)
            let second = try await bench.held("SG-2", under: lease)
            var one = try await bench.append(to: "SG-1", .claim(fence: first.fence))
            one.records = try records(["add cash 7"], on: bench)
            var two = try await bench.append(to: "SG-2", .claim(fence: second.fence))
            two.records = try records(["require cash 7"], on: bench)
            let results = try await bench.store.commit([.append(one), .append(two)], under: lease)
            try bench.equal(
                results.map(\.summary), ["appended(held: true)", "appended(held: true)"], "results")
        },
        StoreLaw("a record of a kind that nobody understands is a violation") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            let before = try await bench.row("SG-1")
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            let cause = RecordCause(
                saga: try bench.sagaID("SG-1"), stage: StageName(rawValue: "post"), at: bench.clock.now())
            append.records = [CausedRecord(record: Record(kind: "law.unheard-of", body: []), cause: cause)]
            let result = try await bench.run(.append(append), under: lease)
            try bench.result(result, is: "violated(books.unknown_record)", "the append")
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("a handler that fails is a violation, and nothing of its append is written") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            let before = try await bench.row("SG-1")
            try bench.result(
                try await post(["add cash 5", "fail"], claim, on: bench, under: lease),
                is: "violated(books.failed)", "the append")
            try await bench.unchanged("SG-1", since: before)
            try bench.result(
                try await post(["require cash 0"], claim, on: bench, under: lease), is: "appended(held: true)",
                "the books after it")
        },
        StoreLaw("a fenced append writes no records") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            let old = Claim(number: claim.number, fence: claim.fence - 1)
            try bench.result(
                try await post(["add cash 5"], old, on: bench, under: lease), is: "fenced", "an old fence")
            try bench.result(
                try await post(["require cash 0"], claim, on: bench, under: lease), is: "appended(held: true)",
                "the books after it")
        },
    ]

    private static func records(_ texts: [String], on bench: StoreBench) throws -> [CausedRecord] {
        let saga = try bench.sagaID("SG-1")
        return texts.map { LawLedger.record($0, by: saga, at: bench.clock.now()) }
    }

    /// Appends one entry with records to whichever saga has the claim's number.
    private static func post(
        _ texts: [String], _ claim: Claim, on bench: StoreBench, under lease: Lease
    ) async throws -> StoreResult {
        let page = try await bench.store.search(SagaQuery(limit: SagaQuery.maximumLimit))
        guard let row = page.rows.first(where: { $0.number == claim.number }) else {
            throw LawBroken("saga number \(claim.number) is not found")
        }
        var append = try await bench.append(to: row.id.rawValue, .claim(fence: claim.fence))
        append.records = try records(texts, on: bench)
        return try await bench.run(.append(append), under: lease)
    }
}
