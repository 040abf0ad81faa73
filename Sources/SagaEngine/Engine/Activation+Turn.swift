extension Activation {
    /// Runs the flow for one turn and writes down how it ended.
    ///
    /// - Returns: Whether the saga is still ours and wants another turn at once.
    func turn(of flow: AnyFlow) async -> Bool {
        defer { settleReserved() }
        do {
            let output = try await body(of: flow)
            if ending == nil { try await complete(with: output, of: flow) }
        } catch {
            if ending == nil { _ = trouble(from: error, of: flow) }
        }
        return await settle()
    }

    private func body(of flow: AnyFlow) async throws -> [UInt8] {
        switch state.mode {
        case .forward: return try await flow.run(self)
        case .discarding:
            try await flow.proveUntouched?(self)
            return Array("null".utf8)
        case .compensating:
            guard let compensate = flow.compensate else {
                throw Halt(
                    code: "not_compensable", message: "\(flow.id) has nothing to put back with; discard it instead")
            }
            return try await compensate(self)
        case .excluding:
            guard let exclude = flow.exclude else {
                throw trouble(.impossible, .saga, "\(flow.id) has no way to take its element out; resume it")
            }
            try await proveUntouched(flow.excludedBy)
            return try await exclude(self)
        }
    }

    private func complete(with output: [UInt8], of flow: AnyFlow) async throws {
        if state.mode == .forward,
            let stray = state.stages.first(where: { !$0.name.rawValue.isEmpty && !hasAsked(for: $0.name) })
        {
            throw trouble(
                .divergence, stray.name,
                "the journal has stage \(stray.name), which \(flow.id) no longer asks for; "
                    + "run the version it was started with")
        }
        if loaded.firstLeftOut != nil {
            // Nobody looks at a notice once the saga has ended: it is read back once more, with those left out.
            try setAsideContradictions()
            for notice in notices { draft.notices.append(NoticeUse(number: notice.number, standing: .late)) }
            throw end(.handedBack)
        }
        let status: SagaStatus =
            switch state.mode {
            case .forward, .excluding: .completed
            case .compensating, .discarding: .cancelled
            }
        try write(.outcome(OutcomeBody(status: status, output: String(decoding: output, as: UTF8.self))), .saga)
        try setAsideContradictions()
        for notice in notices { draft.notices.append(NoticeUse(number: notice.number, standing: .late)) }
        _ = try await append(.end(output: output), try standing(status))
        engine.record(.ended(id, flow: row.flow, status))
    }

    /// What a person reads when the flow ended with an error of its own.
    private func trouble(from error: any Error, of flow: AnyFlow) -> Unwinding {
        switch error {
        case let refusal as Refusal:
            let isLine = row.origin != nil && flow.exclude != nil && state.mode == .forward
            return trouble(
                .refused, refusal.key.stage,
                "\(refusal.counterparty) refused \(refusal.key): \(refusal.reason.words); "
                    + "mend the cause and resume, which sends it under a new key\(isLine ? ", or exclude the line" : "")"
            )
        case let halt as Halt:
            return trouble(.halted, asked.last ?? .saga, "\(halt.code): \(halt.message)")
        case let error as CannotTurnBack:
            return cannotTurnBack(asked.last ?? .saga, error)
        case let store as StoreError:
            engine.reportStoreTrouble(store)
            return end(.lost)
        default:
            return trouble(.failed, asked.last ?? .saga, "the flow failed: \(Self.name(of: error))")
        }
    }

    static func name(of error: any Error) -> String {
        switch error {
        case let error as CodecError: "codec.\(error.code.rawValue)"
        case let error as EvidenceError: "evidence.\(error.code.rawValue)"
        case let error as any StepFault: error.code
        default: String(describing: type(of: error))
        }
    }

    /// Writes down how the turn ended; a violation found while doing so is written down instead.
    private func settle() async -> Bool {
        for _ in 0..<2 {
            do {
                switch ending {
                case nil, .lost, .handedBack: break
                case .asleep, .trouble, .violation:
                    try setAsideContradictions()
                    setAsideProgress()
                }
                switch ending {
                case nil, .lost: return false
                case .asleep(let predicament, let wake):
                    engine.record(.slept(id, predicament))
                    return try await append(.sleep(wake), try standing(.waiting, predicament))
                case .handedBack: return try await append(.release, try standing(.running))
                case .trouble(let predicament, let wake): return try await park(predicament, wake)
                case .violation(let broken, let stage):
                    let predicament = Predicament(
                        cause: .violation, stage: stage, message: "\(broken.code): \(broken.message)",
                        since: engine.now())
                    return try await park(predicament, Wake())
                }
            } catch let error as CodecError {
                unwritten = "its journal cannot be written: codec.\(error.code.rawValue)"
                return false
            } catch {
                guard case .violation = ending else { return false }
            }
        }
        unwritten = "the books refused twice in one turn"
        return false
    }

    /// Puts the saga in front of a person; a trouble that is known already is not written down again.
    private func park(_ predicament: Predicament, _ wake: Wake) async throws -> Bool {
        var shown = predicament
        if let known = state.trouble, known.cause == predicament.cause, known.stage == predicament.stage,
            known.notice == predicament.notice
        {
            shown = known.awaiting(predicament.awaits)
        } else {
            try write(.stuck(predicament), predicament.stage)
            engine.record(.stuck(id, predicament))
        }
        return try await append(.sleep(wake), try standing(.stuck, shown))
    }
}

extension LoadedSaga {
    /// Whether the saga was started by a parent that was past its point of no return.
    var inheritsPivot: Bool {
        row.standing.pivoted && !journal.contains { $0.kind == .pivot }
    }
}
