/// The verbs a flow is written in.
public final class SagaContext<Stage: SagaStage> {
    init() {}
}
