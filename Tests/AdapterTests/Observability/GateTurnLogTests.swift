import SagaTestKit
import Testing

@testable import Adapters
@testable import SagaEngine

@Suite struct GateTurnLogTests {
    private let now = SimulatedClock().now()

    @Test func `an outage is a warning that names the counterparty, why, since when and until when`() throws {
        let turn = GateTurn(
            .breakerOpened, code: "http.connect_failed", failures: 20, since: now, until: now + .seconds(5))
        let line = try #require(EngineEvent.turned("custodian", turn).logLine)
        #expect(
            line.json(at: now) == """
                {"at":"2026-01-01T00:00:00.000Z","level":"warning","event":"counterparty.breaker_opened",\
                "counterparty":"custodian","code":"http.connect_failed","failures":20,\
                "since":"2026-01-01T00:00:00.000Z","until":"2026-01-01T00:00:05.000Z",\
                "detail":"custodian gave no usable answer 20 times in a row (last: http.connect_failed): \
                no call before 2026-01-01T00:00:05.000Z"}
                """)
    }

    @Test func `every turn is visible at info and has a sentence that names the counterparty`() {
        for kind in GateTurn.Kind.allCases {
            let turn = GateTurn(kind, code: "timeout", failures: 1, since: now, until: now)
            let event = EngineEvent.turned("bank", turn)
            #expect((event.logLevel ?? .debug) >= .info, "\(kind)")
            #expect(turn.sentence(about: "bank").contains("bank"), "\(kind)")
        }
    }

    @Test func `turns are counted by counterparty and kind`() throws {
        let metrics = Metrics()
        let logger = Logger(level: .error, format: .json, clock: SimulatedClock(), descriptor: 2)
        let observer = EngineObserver(metrics: metrics, logger: logger)
        for _ in 0..<2 { observer.record(.turned("bank", GateTurn(.breakerOpened))) }
        #expect(
            metrics.text.contains(#"saga_runner_gate_turns_total{counterparty="bank",turn="breaker_opened"} 2"#))
    }
}
