internal import Adapters
internal import SagaEngine

/// A daemon's parts, put together and ready to run.
struct Assembly: Sendable {
    let config: RunnerConfig
    /// Who this daemon is, and since when.
    let identity: RunnerIdentity
    let started: Timestamp
    let store: any ServiceStore
    let book: OfferingTables
    let clients: [HTTPClient]
    let registry: FlowRegistry
    let runner: Runner
    let operations: Operations
    let inspection: Inspection
    let gate: Gate
    let metrics: Metrics
    let observer: EngineObserver
    let logger: Logger
    let notes: ServiceNotes
    let answers: AnswerBook
    let evidence: EvidenceCabinet
    let intake: NoticeIntake
    let outbox: OutboxDrain?
    let schedules: ScheduleService
}

/// How a counterparty's switch is noted down, so that it holds over a restart.
enum SwitchNote {
    static let prefix = "switch."
    /// Where it is noted who switched a counterparty off, when and why.
    static let reasonPrefix = "switch-reason."
    static let off = "off"
    static let on = "on"
}
