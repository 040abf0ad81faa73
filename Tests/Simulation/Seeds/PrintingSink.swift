import SagaEngine

/// Prints every event of every runner: `SAGA_TRACE=1 SAGA_SEED=…` shows what one seed does.
struct PrintingSink: EventSink {
    func record(_ event: EngineEvent) {
        print(event)
    }
}
