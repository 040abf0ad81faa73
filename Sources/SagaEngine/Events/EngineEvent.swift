/// Something worth counting, logging or showing; one table of everything the engine says about itself.
public enum EngineEvent: Sendable, Equatable {
    /// A stage was taken up; `replayed` when the journal answered.
    case stage(SagaID, flow: FlowID, StageName, StageVerb, replayed: Bool)
    /// A counterparty was called; `shared` when another instruction in the same call stands for it.
    case called(SagaID, StageName, CounterpartyName, CallVerb, code: String, latency: Span, shared: Bool)
    /// A call was held back by our own limits.
    case heldBack(SagaID, StageName, CounterpartyName, reason: String, until: Timestamp)
    /// A counterparty's breaker or switch turned.
    case turned(CounterpartyName, GateTurn)
    /// An operator did something, or was refused; `outcome` is `done` or the refusal's code.
    case acted(String, on: SagaID?, outcome: String)
    /// A saga was put to sleep.
    case slept(SagaID, Predicament)
    /// A saga needs a person.
    case stuck(SagaID, Predicament)
    /// A notice says the opposite of what is proved about its instruction; nothing is undone.
    case contradicted(SagaID, StageName, CounterpartyName, notice: Int64)
    /// A saga ended.
    case ended(SagaID, flow: FlowID, SagaStatus)
    /// A runner lost a saga to another.
    case fenced(SagaID)
    /// A batch was committed; `wrote` tells whether it changed anything, as a claim that finds nothing does not.
    case committed(operations: Int, latency: Span, wrote: Bool)
    /// The store failed; the runner comes back to it.
    case storeFailed(StoreError)
    /// A runner has given back all it held, and goes on under another name; why.
    case startedOver(RunnerID, StoreError)
    /// A runner finds that a new life of the data has begun: a standby was promoted, or a backup put back.
    case reincarnated(Incarnation)
    /// A saga's row or journal cannot be read; it is left alone and stays visible.
    case unreadable(SagaID, String)
}
