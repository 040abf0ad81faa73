internal import SagaEngine

extension StoreLaws {
    static let submission: [StoreLaw] = [
        StoreLaw("a new saga is pending, at sequence 0, with its genesis as head") { bench in
            let seed = try bench.seed("SG-1", input: "{\"a\":1}")
            try bench.result(try await bench.run(.submit(seed)), is: "submitted", "submitting")
            let row = try await bench.row("SG-1")
            try bench.equal(row.flow, seed.flow, "flow")
            try bench.equal(row.input, seed.input, "input")
            try bench.equal(row.standing, Standing(status: .pending), "standing")
            try bench.equal(row.sequence, 0, "sequence")
            try bench.equal(row.head, seed.genesis, "head")
            try bench.equal(row.createdAt, bench.clock.now(), "time of creation")
            try bench.equal(row.parent, nil, "parent")
            try bench.equal(row.output, nil, "output")
            try bench.equal(try await bench.journal("SG-1"), [], "journal")
        },
        StoreLaw("a new saga can be claimed at once") { bench in
            let number = try await bench.submit("SG-1")
            let lease = try await bench.lease("r1")
            try bench.equal(try await bench.claim(under: lease).map(\.number), [number], "claimed sagas")
        },
        StoreLaw("submitting a saga again answers with the one that exists and writes nothing") { bench in
            let number = try await bench.submit("SG-1", input: "{\"a\":1}")
            let before = try await bench.row("SG-1")
            bench.clock.advance(by: .seconds(5))
            let again = try await bench.run(.submit(try bench.seed("SG-1", input: "{\"a\":1}")))
            guard case .exists(number, same: true) = again else { throw LawBroken("again: \(again)") }
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("a saga submitted under a newer version of its flow is still the same saga") { bench in
            try await bench.submit("SG-1")
            let newer = FlowID(name: StoreBench.flow.name, version: 2)
            let again = try await bench.run(.submit(try bench.seed("SG-1", flow: newer)))
            try bench.result(again, is: "exists(same: true)", "newer version")
            try bench.equal(try await bench.row("SG-1").flow, StoreBench.flow, "the saga keeps its version")
        },
        StoreLaw("another input or another flow under an id that exists is told apart and changes nothing") { bench in
            try await bench.submit("SG-1")
            let before = try await bench.row("SG-1")
            let input = try await bench.run(.submit(try bench.seed("SG-1", input: "{\"b\":2}")))
            try bench.result(input, is: "exists(same: false)", "another input")
            let flow = try await bench.run(.submit(try bench.seed("SG-1", flow: FlowID(name: "other", version: 1))))
            try bench.result(flow, is: "exists(same: false)", "another flow")
            try await bench.unchanged("SG-1", since: before)
        },
        StoreLaw("a saga submitted twice in one batch is one saga") { bench in
            let seed = try bench.seed("SG-1")
            let results = try await bench.store.commit([.submit(seed), .submit(seed)], under: nil)
            try bench.equal(results.map(\.summary), ["submitted", "exists(same: true)"], "results")
            try bench.equal(try await bench.store.search(SagaQuery()).total, 1, "number of sagas")
        },
        StoreLaw("every saga has a number of its own that it keeps") { bench in
            let first = try await bench.submit("SG-1")
            let second = try await bench.submit("SG-2")
            try bench.isTrue(first != second, "two sagas share number \(first)")
            try bench.equal(try await bench.row("SG-1").number, first, "number of SG-1")
            try bench.equal(try await bench.row("SG-2").number, second, "number of SG-2")
        },
    ]
}
