import SagaTestKit
import Testing

@testable import Adapters
@testable import SagaEngine

@Suite struct StuckLogTests {
    @Test func `what is about the saga as a whole names no stage`() throws {
        let now = SimulatedClock().now()
        func line(_ cause: Predicament.Cause, _ stage: StageName) throws -> String {
            let predicament = Predicament(cause: cause, stage: stage, message: "m", since: now)
            let id = try #require(SagaID(rawValue: "A"))
            return try #require(EngineEvent.stuck(id, predicament).logLine).json(at: now)
        }
        #expect(try line(.halted, StageName(rawValue: "open")).contains(#""saga":"A","stage":"open","cause":"halted""#))
        #expect(try line(.impossible, .saga).contains(#""saga":"A","cause":"impossible""#))
    }
}
