/// What one flow did in one scripted run: the stages it asked for, in order, and how it ended.
public struct FlowTrace: Sendable, Equatable {
    /// The flow.
    public let flow: FlowID
    /// The stages in the order they were first asked for.
    public var steps: [Step]
    /// How the saga ended, or that it is stuck; `nil` when it did neither.
    public var ending: SagaStatus?

    /// One stage of a run.
    public struct Step: Sendable, Equatable {
        /// The stage.
        public let stage: StageName
        /// What it does.
        public let verb: StageVerb
    }
}

/// Collects the traces of all sagas from the engine's events.
public final class TraceRecorder: EventSink {
    private let traces = Locked<[(saga: SagaID, trace: FlowTrace)]>([])

    /// Makes a recorder that has seen nothing.
    public init() {}

    /// Takes one event.
    public func record(_ event: EngineEvent) {
        switch event {
        case .stage(let saga, let flow, let stage, let verb, _):
            change(saga, flow) { trace in
                let step = FlowTrace.Step(stage: stage, verb: verb)
                if !trace.steps.contains(step) { trace.steps.append(step) }
            }
        case .ended(let saga, let flow, let status):
            change(saga, flow) { $0.ending = status }
        case .stuck(let saga, _):
            traces.withLock { all in
                guard let index = all.lastIndex(where: { $0.saga == saga }) else { return }
                all[index].trace.ending = .stuck
            }
        case .called, .heldBack, .turned, .acted, .slept, .contradicted, .fenced, .committed, .storeFailed, .unreadable,
            .startedOver, .reincarnated:
            break
        }
    }

    /// The different traces of a flow, in the order they were first seen.
    public func traces(of flow: FlowID) -> [FlowTrace] {
        traces.withLock { all in
            var different: [FlowTrace] = []
            for (_, trace) in all where trace.flow == flow && !different.contains(trace) { different.append(trace) }
            return different
        }
    }

    private func change(_ saga: SagaID, _ flow: FlowID, _ body: (inout FlowTrace) -> Void) {
        traces.withLock { all in
            if let index = all.lastIndex(where: { $0.saga == saga }) {
                body(&all[index].trace)
            } else {
                var trace = FlowTrace(flow: flow, steps: [], ending: nil)
                body(&trace)
                all.append((saga, trace))
            }
        }
    }
}
