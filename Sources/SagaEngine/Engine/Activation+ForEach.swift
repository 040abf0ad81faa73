extension Activation {
    /// How many children one append starts.
    static let spawnPage = 500

    /// How the children of a stage are made and read, whatever their types.
    struct Children {
        let flow: FlowID
        let source: String
        let page: (ElementID?, Int) async throws -> [(element: ElementID, input: [UInt8])]
        let tally: ([UInt8]) throws -> Tally
    }

    /// Starts a child for each element, page by page, waits for all, and returns the proof.
    func forEach(_ stage: StageName, _ children: Children) async throws -> BarrierBody {
        try enter(stage, .forEach)
        if let spawned = state[stage].spawned, spawned.source != children.source {
            throw trouble(
                .divergence, stage, "stage \(stage) was begun over other elements than the flow names now")
        }
        if let barrier = state[stage].barrier { return barrier }
        if state[stage].spawned?.isLast != true { try await spawn(stage, children) }
        guard try await allEnded(stage) else {
            throw sleep(
                .awaitingChildren, stage, "waits for the children of \(stage)", Wake(onChildren: true))
        }
        let proof = try await fold(stage, children)
        try write(.barrier(proof), stage)
        return proof
    }

    private func spawn(_ stage: StageName, _ children: Children) async throws {
        while true {
            let known = state[stage].spawned
            let page = try await children.page(known?.cursor, Self.spawnPage)
            let isLast = page.count < Self.spawnPage
            draft.dare()
            draft.spawn = Spawn(
                stage: stage, children: page.map { child(stage, $0.element, $0.input, children.flow) },
                pivoted: state.pivoted || state.mode == .compensating)
            try write(
                .spawned(
                    SpawnedBody(
                        source: children.source, cursor: page.last?.element ?? known?.cursor,
                        count: (known?.count ?? 0) + page.count, isLast: isLast)), stage)
            try await flush()
            if isLast { return }
        }
    }

    private func child(_ stage: StageName, _ element: ElementID, _ input: [UInt8], _ flow: FlowID) -> Spawn.Child {
        let id = id.child(of: stage, element: element)
        let genesis = ChainLink.genesis(of: id, flow: flow, input: input, by: engine.digest)
        return Spawn.Child(
            element: element, saga: NewSaga(id: id, flow: flow, input: input, genesis: genesis))
    }

    /// Reads the children in order, until one that has not ended.
    private func allEnded(_ stage: StageName) async throws -> Bool {
        guard state[stage].spawned?.count ?? 0 > 0 else { return true }
        guard let row = try await engine.store.row(of: id) else { return false }
        #if PLANTED_BUGS
            if Planted.is(.mintBeforeLast) { return row.openChildren <= 1 }
        #endif
        return row.openChildren == 0
    }

    private func fold(_ stage: StageName, _ children: Children) async throws -> BarrierBody {
        var proof = BarrierBody(source: children.source, count: 0, excluded: 0, digest: "", sums: [])
        var digest = engine.digest.sha256(Array("\(id)/\(stage)\n".utf8))
        var cursor: ElementID?
        while true {
            let page = try await engine.store.children(of: id, stage: stage, after: cursor, limit: Self.spawnPage)
            for row in page {
                #if PLANTED_BUGS
                    if Planted.is(.mintBeforeLast), row.output == nil { continue }
                #endif
                guard let output = row.output, let element = row.origin?.element else {
                    throw Halt(code: "barrier_open", message: "\(row.id) has not ended, but the store says all have")
                }
                try proof.add(try children.tally(output))
                digest.append(contentsOf: Array("\(element)\n".utf8))
                digest.append(contentsOf: output)
            }
            digest = engine.digest.sha256(digest)
            cursor = page.last?.origin?.element
            if page.count < Self.spawnPage { break }
        }
        #if PLANTED_BUGS
            if Planted.is(.mintBeforeLast) {
                proof.digest = Hex.string(digest)
                return proof
            }
        #endif
        guard proof.count == state[stage].spawned?.count ?? 0 else {
            throw Halt(
                code: "barrier_count",
                message: "\(stage) began \(state[stage].spawned?.count ?? 0) children and ended \(proof.count)")
        }
        proof.digest = Hex.string(digest)
        return proof
    }
}
