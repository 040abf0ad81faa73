extension Activation {
    /// Carries out a local step once; its value comes from the journal ever after.
    func step<Value: Codable & Sendable>(
        _ stage: StageName, whenQuiet: Bool = false, _ work: () async throws -> Value
    ) async throws -> Value {
        try enter(stage, .step)
        if let value = state[stage].value { return try await decode(Value.self, from: value) }
        if whenQuiet, let quiet = engine.quietAfterRestore, engine.now() < quiet {
            throw sleep(
                .awaitingMoment, stage, "waits until what was sent before the restore has arrived", Wake(at: quiet))
        }
        let value: Value
        do {
            value = try await work()
        } catch let halt as Halt {
            throw trouble(.halted, stage, "\(halt.code): \(halt.message)")
        } catch let error as CannotTurnBack {
            throw cannotTurnBack(stage, error)
        } catch {
            guard ending == nil else { throw Unwinding() }
            throw try failed(stage, error)
        }
        try write(.value(try encode(value)), stage)
        return value
    }

    /// The saga as a whole stands for it, so that `resume` takes the action back; not once money may have gone back.
    func cannotTurnBack(_ stage: StageName, _ error: CannotTurnBack) -> Unwinding {
        state.mode == .excluding || state.isCalledOff && !state.pivoted
            ? trouble(.impossible, .saga, error.message) : trouble(.halted, stage, error.message)
    }

    private func failed(_ stage: StageName, _ error: any Error) throws -> Unwinding {
        let code = Self.name(of: error)
        let words = (error as? any StepFault)?.description ?? code
        let pause = engine.policies.steps.pause(
            after: state[stage].failures + 1, atLeast: nil, by: engine.entropy)
        let next = pause.map { engine.now() + $0 }
        try write(.attempt(AttemptBody(verb: .step, result: .failed, code: code, next: next, exchange: nil)), stage)
        guard let next else {
            return trouble(
                .exhausted, stage,
                "stage \(stage) failed \(state[stage].failures) times (last: \(words)); mend the cause and resume")
        }
        return sleep(.awaitingRetry, stage, "stage \(stage) failed (\(words)); tries again", Wake(at: next))
    }

    /// Sleeps until a moment, in no thread and no memory.
    func sleep(_ stage: StageName, until moment: Timestamp) throws {
        try enter(stage, .sleep)
        if state[stage].slept { return }
        guard engine.now() >= moment else {
            throw sleep(.awaitingMoment, stage, "waits for its time", Wake(at: moment))
        }
        try write(.slept, stage)
    }

    /// Posts to the books in this stage's own transaction.
    func post<Content: Postable>(_ stage: StageName, _ content: Content) throws -> Posted<Content> {
        try enter(stage, .post)
        if let posted = state[stage].posted {
            guard try withText(of: content, { $0.elementsEqual(posted) }) else {
                throw trouble(
                    .divergence, stage, "stage \(stage) was posted with other content than the flow computes now")
            }
            return Posted(address: address(of: stage), content: content)
        }
        let cause = RecordCause(saga: id, stage: stage, at: engine.now())
        let records = try content.records()
        draft.dare()
        draft.records.append(contentsOf: records.map { CausedRecord(record: $0, cause: cause) })
        try write(.posted(try withText(of: content) { Array($0) }), stage)
        return Posted(address: address(of: stage), content: content)
    }

    /// From here on the saga only goes forward, and money may move.
    func pointOfNoReturn() throws {
        guard ending == nil else { throw Unwinding() }
        guard !state.pivoted else { return }
        try write(.pivot, .saga)
    }
}
