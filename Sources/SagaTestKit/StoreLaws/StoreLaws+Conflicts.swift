internal import SagaEngine

extension StoreLaws {
    /// Of notices that contradict what came before them, however many there are.
    static let conflicts: [StoreLaw] = keeping + standing

    private static let refusal = Notice.Verdict.refused(RefusalReason(code: "frozen", message: "it is frozen"))

    private static let keeping: [StoreLaw] = [
        StoreLaw("a few other bodies under one id are kept, and those of another id find room") { bench in
            let limit = NewNotice.otherBodyLimit
            let batch = (0...limit + 1).map { number in
                StoreOperation.notice(NewNotice(notice: bench.notice("n1", about: "ref", body: "\(number)")))
            }
            let results = try await bench.store.commit(batch, under: nil).map(\.summary)
            try bench.equal(results[limit], "noticed(conflicting, nobody)", "the last one that fits")
            try bench.equal(results[limit + 1], "full", "the first one too many")
            try bench.result(try await bench.run(batch[limit]), is: "duplicate", "a repetition while full")
            try await bench.keep(bench.notice("n2", about: "ref", body: "1"), as: .orphan)
            try await bench.keep(bench.notice("n2", about: "ref", body: "2"), as: .conflicting)
            for notice in try await bench.store.notices(NoticeQuery(standing: .conflicting, offset: limit)) {
                try bench.result(
                    try await bench.run(.assign(NoticeAssignment(number: notice.number, saga: nil))),
                    is: "noticed(orphan, nobody)", "deciding about one")
            }
            try bench.result(
                try await bench.run(batch[limit + 1]), is: "noticed(conflicting, nobody)", "room again")
        },
        StoreLaw("each source's conflicting notices are kept up to their limit, and hold up nothing else") { bench in
            let (limit, bodies) = (NewNotice.conflictLimit, NewNotice.otherBodyLimit)
            let ids = (limit + bodies - 1) / bodies
            let batch = (0..<ids).flatMap { id in
                (0...bodies).map { body in
                    StoreOperation.notice(NewNotice(notice: bench.notice("n\(id)", about: "ref", body: "\(body)")))
                }
            }
            let results = try await bench.store.commit(batch, under: nil).map(\.summary)
            try bench.equal(results.count { $0 == "noticed(conflicting, nobody)" }, limit, "conflicts kept")
            try await bench.keep(bench.notice("m", about: "ref", body: "1"), as: .orphan)
            let other = bench.notice("m", about: "ref", body: "2")
            try bench.result(try await bench.run(.notice(NewNotice(notice: other))), is: "full", "one too many")
            try await bench.keep(bench.notice("m", about: "ref", body: "1", source: "bank"), as: .orphan)
            try await bench.keep(bench.notice("m", about: "ref", body: "2", source: "bank"), as: .conflicting)
        },
        StoreLaw("what says the opposite of how an effect has ended is kept, however many conflicts wait") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence), .sleep(Wake()), status: .stuck)
            append.entries = [try await bench.first(.refused, of: "SG-1", stage: "fund")]
            append.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(append, under: lease)
            let (limit, bodies) = (NewNotice.conflictLimit, NewNotice.otherBodyLimit)
            let flood = (0...limit / bodies).flatMap { id in
                (0...bodies + 1).map { body in
                    StoreOperation.notice(NewNotice(notice: bench.notice("n\(id)", about: "x", body: "\(body)")))
                }
            }
            _ = try await bench.store.commit(flood, under: nil)
            // Under an id of its own, and under one whose other bodies are as many as are kept.
            try await bench.keep(bench.notice("m", about: "ref-1"), as: .conflicting)
            try await bench.keep(bench.notice("n0", about: "ref-1", body: "settled"), as: .conflicting)
            // What stands often enough already is not kept once more.
            var again: [String] = []
            for number in 0..<bodies + 2 {
                let other = bench.notice("m", about: "ref-1", body: "again \(number)")
                again.append(try await bench.run(.notice(NewNotice(notice: other))).summary)
            }
            try bench.equal(again.count { $0 == "full" }, 3, "repetitions in other words: \(again)")
        },
        StoreLaw("another body that contradicts the journal is kept while its saga is at work") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            append.entries = [try await bench.first(.refused, of: "SG-1", stage: "fund")]
            append.expectations = [try bench.expectation("ref-1", by: "SG-1")]
            try await bench.commit(append, under: lease)
            for body in 0...NewNotice.otherBodyLimit {
                let said = bench.notice("n1", about: "ref-1", body: "\(body)", saying: .progress("soon"))
                try await bench.keep(said, as: body == 0 ? .fresh : .conflicting)
            }
            try await bench.keep(bench.notice("n1", about: "ref-1", body: "settled"), as: .conflicting)
        },
    ]

    private static let standing: [StoreLaw] = [
        StoreLaw("what says that a reference is settled is read for as long as nobody has put it aside") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.entries = [try await bench.first(.refused, of: "SG-1", stage: "fund")]
            first.expectations = [
                try bench.expectation("ref-1", by: "SG-1"), try bench.expectation("ref-2", by: "SG-1", stage: "mint"),
            ]
            try await bench.commit(first, under: lease)
            let id = try bench.sagaID("SG-1")
            let sent = ["ref-2", "ref-1"].map { SentReference(source: "custodian", reference: $0) }
            func found(_ references: [SentReference], limit: Int = 10) async throws -> [Int64] {
                try await bench.store.settlements(of: references, for: id, limit: limit).map(\.number)
            }
            try bench.equal(try await found(sent), [], "before anything came")
            try await bench.keep(bench.notice("n1", about: "ref-1", saying: .progress("soon")), as: .fresh)
            try await bench.keep(bench.notice("n2", about: "ref-1", saying: refusal), as: .fresh)
            try await bench.keep(bench.notice("n3", about: "ref-1", source: "bank"), as: .orphan)
            let one = try await bench.keep(bench.notice("n4", about: "ref-1", body: "long"), as: .fresh)
            let two = try await bench.keep(bench.notice("n2", about: "ref-1", body: "other"), as: .conflicting)
            let three = try await bench.keep(bench.notice("n5", about: "ref-2"), as: .fresh)
            try bench.equal(try await found(sent), [three, one, two], "those of the first reference first")
            try bench.equal(try await found([sent[1]]), [one, two], "of one reference")
            try bench.equal(try await found([sent[1]], limit: 1), [one], "at most one")
            try bench.equal(try await found([]), [], "of no reference")
            let read = try await bench.store.settlements(of: [sent[1]], for: id, limit: 1)
            try bench.equal(read.map(\.notice), [bench.notice("n4", about: "ref-1", body: "long").withoutBody], "one")
            var marking = try await bench.append(to: "SG-1", .claim(fence: claim.fence), entries: 0)
            marking.notices = [NoticeUse(number: one, standing: .conflicting)]
            try await bench.commit(marking, under: lease)
            try bench.equal(try await found([sent[1]]), [one, two], "once it is marked")
            for number in [one, two] {
                let bound = try await bench.run(.assign(NoticeAssignment(number: number, saga: nil)))
                try bench.result(bound, is: "noticed(late, SG-1)", "putting \(number) aside")
            }
            try bench.equal(try await found([sent[1]]), [], "once all are put aside")
        },
        StoreLaw("a saga is read back with the first fresh notices about each reference, and wakes for the others") {
            bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var first = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            first.expectations = [
                try bench.expectation("ref-1", by: "SG-1"), try bench.expectation("ref-2", by: "SG-1", stage: "mint"),
            ]
            try await bench.commit(first, under: lease)
            var numbers: [Int64] = []
            for number in 0..<NoticePage.referenceLimit + 3 {
                numbers.append(try await bench.keep(bench.notice("n\(number)", about: "ref-1", body: "1"), as: .fresh))
            }
            let last = try await bench.keep(bench.notice("other", about: "ref-2"), as: .fresh)
            guard let loaded = try await bench.store.load([claim]).first else { throw LawBroken("nothing is loaded") }
            let page = Array(numbers.prefix(NoticePage.referenceLimit))
            try bench.equal(loaded.notices.map(\.number), page + [last], "notices loaded")
            try bench.equal(loaded.firstLeftOut, numbers[page.count], "the first left out")
            try bench.equal(loaded.lastNotice, last, "the last of all")
            var sleep = try await bench.append(
                to: "SG-1", .claim(fence: claim.fence), entries: 0, .sleep(Wake(onNotice: true)), status: .waiting)
            sleep.notices = loaded.notices.map { NoticeUse(number: $0.number, standing: .late) }
            sleep.noticesSeen = numbers[page.count] - 1
            let isHeld = try await bench.commit(sleep, under: lease)
            try bench.isTrue(isHeld, "it sleeps over those that were left out")
            let rest = try await bench.store.load([claim])
            try bench.equal(rest.flatMap(\.notices).map(\.number), Array(numbers.dropFirst(page.count)), "the rest")
            try bench.equal(rest.map(\.firstLeftOut), [nil], "nothing is left out")
        },
    ]
}
