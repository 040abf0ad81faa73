public import SagaEngine

/// What a script does, as a client, as an operator, or as the one who watches.
extension Simulation {
    /// Starts a saga, trying until somebody acknowledges it.
    public func submit<Flow: SagaDefinition>(_ flow: Flow.Type, id: SagaID, input: Flow.Input) async {
        do {
            let bytes = try JournalEncoder().encode(input)
            while !isOver {
                if let life = anyLife(),
                    await attempt(life, { try await $0.submit(id, flow: Flow.flow, input: bytes) }) != nil
                {
                    note(submitted: id)
                    return
                }
                await pause(.milliseconds(300))
            }
        } catch {
            note(trouble: "the input of \(id) cannot be written: \(error)")
        }
    }

    /// Sleeps on the simulated clock.
    public func pause(_ span: Span) async { await clock.sleep(until: clock.now() + span) }

    /// Waits until every saga has ended or is stuck, or waits for one that is.
    ///
    /// - Returns: Whether that happened before the plan's horizon.
    @discardableResult
    public func untilSettled() async -> Bool {
        let end = clock.now() + plan.horizon
        var looked = Timestamp(milliseconds: .min)
        while clock.now() < end {
            await executor.rest()
            guard clock.now() >= looked + .seconds(5) else { continue }
            looked = clock.now()
            if await rows().allSatisfy(\.hasSettled) { return true }
        }
        return false
    }

    /// Waits until a saga is stuck, or the plan's horizon.
    public func untilStuck(_ id: SagaID) async -> Bool {
        let end = clock.now() + plan.horizon
        while clock.now() < end {
            await executor.rest()
            if await row(of: id)?.standing.status == .stuck { return true }
        }
        return false
    }

    /// Waits until a saga has so many journal entries or more, or has ended, or the plan's horizon.
    public func untilSequence(_ sequence: Int, of id: SagaID) async {
        let end = clock.now() + plan.horizon
        while clock.now() < end {
            await executor.rest()
            if let row = await row(of: id), row.sequence >= sequence || row.standing.status.isTerminal { return }
        }
    }

    /// Every saga, in order of their ids.
    public func rows() async -> [SagaRow] {
        var rows: [SagaRow] = []
        while true {
            do {
                let page = try await disk.search(
                    SagaQuery(offset: rows.count, limit: SagaQuery.maximumLimit))
                rows.append(contentsOf: page.rows)
                if rows.count >= page.total || page.rows.isEmpty { return rows }
            } catch {
                note(trouble: "the disk cannot be read: \(error)")
                return rows
            }
        }
    }

    /// One saga's row.
    public func row(of id: SagaID) async -> SagaRow? {
        do {
            return try await disk.row(of: id)
        } catch {
            note(trouble: "the disk cannot be read: \(error)")
            return nil
        }
    }

    /// An operator's action, tried again while it is not known to be done.
    ///
    /// - Returns: Whether it was taken; not when the saga has ended or its state does not allow it any more.
    @discardableResult
    public func act(_ action: OperatorAction, on id: SagaID) async -> Bool {
        let actor = Operator(name: "simulated", role: .operator)
        guard let first = await row(of: id) else { return false }
        let end = clock.now() + plan.horizon
        while !isOver {
            guard clock.now() < end else {
                note(trouble: "\(action.name) on \(id) was put off until the horizon: \(lastRefusal)")
                return false
            }
            // Whether an answer that was lost had been written shows in the journal.
            if await hasActed(on: id, after: first.sequence) { return true }
            guard let row = await row(of: id), !row.standing.status.isTerminal else { return false }
            if let life = anyLife() {
                let taken: Bool? = await attempt(life) { operations in
                    do {
                        _ = try await operations.act(action, on: id, by: actor, reason: "script", version: row.sequence)
                        return true
                    } catch let refused as ActionRefused where refused.code == .state {
                        return false
                    }
                }
                if let taken { return taken }
            }
            await pause(.milliseconds(400))
        }
        return false
    }

    private func hasActed(on id: SagaID, after sequence: Int) async -> Bool {
        do {
            return try await disk.journal(of: id, after: sequence, limit: 500).contains { $0.kind == .action }
        } catch {
            note(trouble: "the disk cannot be read: \(error)")
            return false
        }
    }
}

extension SagaRow {
    /// Whether nothing more will happen to it by itself, and that is visible.
    var hasSettled: Bool {
        switch standing.status {
        case .completed, .cancelled, .closed, .stuck: true
        case .pending, .running: false
        case .waiting, .compensating: openChildren > 0 && waitsForChildren
        }
    }

    private var waitsForChildren: Bool {
        String(decoding: standing.predicament, as: UTF8.self).contains("\"awaitingChildren\"")
    }
}
