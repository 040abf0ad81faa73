internal import SagaEngine

extension StoreLaws {
    static let children: [StoreLaw] = spawning + ending

    private static let spawning: [StoreLaw] = [
        StoreLaw("spawned children are pending sagas that know their place and can be claimed") { bench in
            let lease = try await bench.lease("r1")
            let parent = try await spawn(["INV-2", "INV-1"], pivoted: true, on: bench, under: lease)
            try bench.equal(try await bench.row("SG-1").openChildren, 2, "open children")
            let row = try await bench.row("SG-1/fund/INV-1")
            try bench.equal(row.standing, Standing(status: .pending, pivoted: true), "standing")
            try bench.equal(row.parent, try bench.sagaID("SG-1"), "parent")
            let origin = SagaRow.Origin(
                stage: StageName(rawValue: "fund"), element: try bench.elementID("INV-1"))
            try bench.equal(row.origin, origin, "origin")
            let claims = try await bench.claim(under: lease)
            try bench.equal(claims.count, 2, "children claimed")
            try bench.isFalse(claims.map(\.number).contains(parent.number), "the parent was claimed twice")
        },
        StoreLaw("children that exist already are passed over when they are spawned again") { bench in
            let lease = try await bench.lease("r1")
            let parent = try await spawn(["INV-1", "INV-2"], on: bench, under: lease)
            let before = try await bench.row("SG-1/fund/INV-1")
            bench.clock.advance(by: .seconds(1))
            var again = try await bench.append(to: "SG-1", .claim(fence: parent.fence))
            again.spawn = try brood(["INV-1", "INV-2", "INV-3"], on: bench)
            try await bench.commit(again, under: lease)
            try bench.equal(try await bench.row("SG-1").openChildren, 3, "open children")
            try await bench.unchanged("SG-1/fund/INV-1", since: before)
        },
        StoreLaw("a saga of its own is not taken for a child") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            try await bench.submit("SG-1/fund/INV-2")
            let before = try await bench.row("SG-1")
            var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
            append.spawn = try brood(["INV-1", "INV-2"], on: bench)
            let result = try await bench.run(.append(append), under: lease)
            try bench.result(result, is: "violated(spawn.taken)", "spawning over a stranger")
            try await bench.unchanged("SG-1", since: before)
            try bench.equal(try await bench.store.search(SagaQuery()).total, 2, "number of sagas")
        },
    ]

    private static let ending: [StoreLaw] = [
        StoreLaw("the last child that ends wakes its parent, and no other does") { bench in
            let lease = try await bench.lease("r1")
            let parent = try await spawn(["INV-1", "INV-2"], on: bench, under: lease)
            try await waitForChildren(parent, on: bench, under: lease)
            let claims = try await bench.claim(under: lease)
            let ends = try await ends(of: ["INV-1", "INV-2"], claims, on: bench)
            _ = try await bench.store.commit([ends[0]], under: lease)
            try bench.equal(try await bench.row("SG-1").openChildren, 1, "open children after the first")
            try bench.equal(try await bench.claim(under: lease), [], "claimed after the first")
            _ = try await bench.store.commit([ends[1]], under: lease)
            try bench.equal(try await bench.row("SG-1").openChildren, 0, "open children after the last")
            try bench.equal(try await bench.claim(under: lease).map(\.number), [parent.number], "claimed at last")
        },
        StoreLaw("two last children that end in one batch wake their parent once") { bench in
            let lease = try await bench.lease("r1")
            let parent = try await spawn(["INV-1", "INV-2"], on: bench, under: lease)
            try await waitForChildren(parent, on: bench, under: lease)
            let claims = try await bench.claim(under: lease)
            let ends = try await ends(of: ["INV-1", "INV-2"], claims, on: bench)
            let results = try await bench.store.commit(ends, under: lease)
            try bench.equal(
                results.map(\.summary), ["appended(held: false)", "appended(held: false)"], "ends of both")
            try bench.equal(try await bench.row("SG-1").openChildren, 0, "open children")
            try bench.equal(try await bench.claim(under: lease).map(\.number), [parent.number], "claimed")
            try bench.equal(try await bench.claim(under: lease), [], "claimed twice")
        },
        StoreLaw("a child that ended while its parent worked keeps the parent from waiting for it") { bench in
            let lease = try await bench.lease("r1")
            let parent = try await spawn(["INV-1"], on: bench, under: lease)
            let claims = try await bench.claim(under: lease)
            let ends = try await ends(of: ["INV-1"], claims, on: bench)
            _ = try await bench.store.commit(ends, under: lease)
            let wait = try await bench.append(
                to: "SG-1", .claim(fence: parent.fence), .sleep(Wake(onChildren: true)))
            try bench.isTrue(try await bench.commit(wait, under: lease), "the parent sleeps for ever")
        },
        StoreLaw("a parent that does not wait for its children is not woken by them") { bench in
            let lease = try await bench.lease("r1")
            let parent = try await spawn(["INV-1"], on: bench, under: lease)
            let wait = try await bench.append(
                to: "SG-1", .claim(fence: parent.fence), .sleep(Wake(onNotice: true)))
            try await bench.commit(wait, under: lease)
            let claims = try await bench.claim(under: lease)
            _ = try await bench.store.commit(try await ends(of: ["INV-1"], claims, on: bench), under: lease)
            try bench.equal(try await bench.claim(under: lease), [], "claimed")
            try bench.equal(try await bench.row("SG-1").openChildren, 0, "open children")
        },
        StoreLaw("children spawned and waited for in one append do not end the wait") { bench in
            let lease = try await bench.lease("r1")
            let claim = try await bench.held("SG-1", under: lease)
            var append = try await bench.append(
                to: "SG-1", .claim(fence: claim.fence), .sleep(Wake(onChildren: true)))
            append.spawn = try brood(["INV-1"], on: bench)
            try bench.isFalse(try await bench.commit(append, under: lease), "the parent does not wait")
        },
        StoreLaw("children of a stage are read in byte order of their elements, page by page") { bench in
            let lease = try await bench.lease("r1")
            _ = try await spawn(["b", "B", "é", "a-1", "a"], on: bench, under: lease)
            var seen: [String] = []
            var after: ElementID?
            for _ in 0..<4 {
                let page = try await bench.store.children(
                    of: try bench.sagaID("SG-1"), stage: StageName(rawValue: "fund"), after: after, limit: 2)
                seen.append(contentsOf: page.compactMap { $0.origin?.element.rawValue })
                after = page.last?.origin?.element ?? after
            }
            try bench.equal(seen, ["B", "a", "a-1", "b", "é"], "elements")
            let other = try await bench.store.children(
                of: try bench.sagaID("SG-1"), stage: StageName(rawValue: "mint"), after: nil, limit: 2)
            try bench.equal(other, [], "children of another stage")
        },
    ]

    static func brood(_ elements: [String], pivoted: Bool = false, on bench: StoreBench) throws -> Spawn {
        let children = try elements.sorted().map { element in
            Spawn.Child(
                element: try bench.elementID(element), saga: try bench.seed("SG-1/fund/\(element)"))
        }
        return Spawn(stage: StageName(rawValue: "fund"), children: children, pivoted: pivoted)
    }

    /// Claims SG-1 and starts children of its stage `fund`; the parent stays held.
    static func spawn(
        _ elements: [String], pivoted: Bool = false, on bench: StoreBench, under lease: Lease
    ) async throws -> Claim {
        let claim = try await bench.held("SG-1", under: lease)
        var append = try await bench.append(to: "SG-1", .claim(fence: claim.fence))
        append.spawn = try brood(elements, pivoted: pivoted, on: bench)
        try await bench.commit(append, under: lease)
        return claim
    }

    private static func waitForChildren(_ parent: Claim, on bench: StoreBench, under lease: Lease) async throws {
        let wait = try await bench.append(
            to: "SG-1", .claim(fence: parent.fence), .sleep(Wake(onChildren: true)), status: .waiting)
        try bench.isFalse(try await bench.commit(wait, under: lease), "the parent does not wait")
    }

    /// The appends that end claimed children of SG-1.
    private static func ends(
        of elements: [String], _ claims: [Claim], on bench: StoreBench
    ) async throws -> [StoreOperation] {
        var ends: [StoreOperation] = []
        for element in elements {
            let row = try await bench.row("SG-1/fund/\(element)")
            guard let claim = claims.first(where: { $0.number == row.number }) else {
                throw LawBroken("child \(element) was not claimed")
            }
            let append = try await bench.append(
                to: row.id.rawValue, .claim(fence: claim.fence), .end(output: Array("1".utf8)), status: .completed)
            ends.append(.append(append))
        }
        return ends
    }
}
