import SagaEngine
import Testing

/// An instruction of the tests' own: whatever facts it is given.
struct TestOrder: Instruction {
    static let kind = "test.transfer"
    static let counterparty: CounterpartyName = "custodian"
    var operation = "transfer"
    var facts: Facts

    static func transfer(_ amount: String = "2520.00", from: String = "ESC-1", to: String = "ISS-1") -> TestOrder {
        TestOrder(facts: ["asset": "SGD", "amount": amount, "from": from, "to": to])
    }
}

/// A clock that stands still until the test moves it, and lets sleepers pass at once.
final class SteppingClock: SagaClock {
    private let moment = Locked(Timestamp(milliseconds: 1_800_000_000_000))

    func now() -> Timestamp { moment.withLock { $0 } }

    func sleep(until later: Timestamp) async { moment.withLock { $0 = max($0, later) } }

    func pass(_ span: Span) { moment.withLock { $0 = $0 + span } }
}

/// A key of the tests' own.
func key(_ stage: String = "transfer", _ saga: String = "SG-TOWER-1/fund/INV-0000001", refusals: Int = 0) throws
    -> IdempotencyKey
{
    IdempotencyKey(
        saga: try #require(SagaID(rawValue: saga)), stage: StageName(rawValue: stage), refusals: refusals)
}
