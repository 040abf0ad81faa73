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
