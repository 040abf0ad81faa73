public import SagaEngine

/// What a script does, as a client, as an operator, or as the one who watches.
extension Simulation {
    /// Starts a saga, trying until somebody acknowledges it.
    public func submit<Flow: SagaDefinition>(_ flow: Flow.Type, id: SagaID, input: Flow.Input) async {
        let seed: NewSaga
        do {
            let bytes = try JournalEncoder().encode(input)
            let genesis = ChainLink.genesis(of: id, flow: Flow.flow, input: bytes, by: digest)
            seed = NewSaga(id: id, flow: Flow.flow, input: bytes, genesis: genesis)
        } catch {
            note(trouble: "the input of \(id) cannot be written: \(error)")
            return
        }
        while !isOver {
            if let life = anyLife(), await commit(.submit(seed), through: life) != nil {
                note(submitted: id)
                return
            }
            await pause(.milliseconds(300))
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

    /// An operator's action, as the engine's façade appends it; tried again while a runner has the saga.
    ///
    /// - Returns: Whether it was taken; not once the saga has ended.
    @discardableResult
    public func act(_ action: OperatorAction, on id: SagaID, unless isSuperfluous: (SagaRow) -> Bool = { _ in false })
        async -> Bool
    {
        while !isOver {
            guard let row = await row(of: id), !row.standing.status.isTerminal, !isSuperfluous(row) else { return false }
            do {
                if let life = anyLife(),
                    case .appended = await commit(.append(try print(action, on: row)), through: life)
                {
                    return true
                }
            } catch {
                note(trouble: "the action on \(id) cannot be written: \(error)")
                return false
            }
            // Whether an answer that was lost had been written shows in the journal.
            if await hasTaken(action, id, after: row.sequence) { return true }
            await pause(.milliseconds(400))
        }
        return false
    }

    private func hasTaken(_ action: OperatorAction, _ id: SagaID, after sequence: Int) async -> Bool {
        do {
            return try await disk.journal(of: id, after: sequence, limit: 500).contains { $0.kind == .action }
        } catch {
            note(trouble: "the disk cannot be read: \(error)")
            return false
        }
    }

    private func print(_ action: OperatorAction, on row: SagaRow) throws -> Append {
        let body = try JournalEncoder().encode(
            PrintedAction(action: action, actor: "simulated", role: "operator", reason: "script", version: row.sequence))
        let now = clock.now()
        let link = row.head.next(
            sequence: row.sequence + 1, stage: .saga, refusals: 0, kind: .action, at: now, body: body, by: digest)
        let entry = JournalEntry(
            sequence: row.sequence + 1, stage: .saga, refusals: 0, kind: .action, at: now, body: body, link: link)
        let isPuttingBack = action == .cancel || action == .discard || row.standing.status == .compensating
        return Append(
            saga: row.number, right: .version(row.sequence), entries: [entry], disposition: .release,
            standing: Standing(
                status: isPuttingBack ? .compensating : .running, exposures: row.standing.exposures,
                pivoted: row.standing.pivoted))
    }
}

/// What an `action` entry holds.
private struct PrintedAction: Encodable {
    let action: OperatorAction
    let actor: String
    let role: String
    let reason: String
    let version: Int
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
