import SagaTestKit
import Testing

@testable import SagaEngine

/// What a gate that shares the limit on money in flight is told of what was reserved, and when.
@Suite struct ReservedRoomTests {
    /// Pays once and answers what the gate was told.
    private func pay(
        _ plan: FaultPlan = .none, full: Int = 0,
        wrap: @escaping (any SagaStore) -> any SagaStore = { $0 }
    ) async throws -> (log: [RoomLog.Line], events: [EngineEvent]) {
        let log = RoomLog(full: full)
        var events: [EngineEvent] = []
        try await Bench.use(Bench.Setup(wrap: { wrap(FaultyStore($0, plan: plan)) }, gate: { _ in log })) { bench in
            let input = Array(#"{"amount":41}"#.utf8)
            let genesis = ChainLink.genesis(of: bench.id, flow: Payout.flow, input: input, by: PlainSHA256())
            let early = bench.party.notice("\(bench.id)/pay#0", amount: "42", id: "n1")
            _ = try await bench.memory.commit(
                [
                    .submit(NewSaga(id: bench.id, flow: Payout.flow, input: input, genesis: genesis)),
                    .notice(NewNotice(notice: early)),
                ], under: nil)
            bench.runner.wake()
            try await bench.until(.completed)
            events = bench.events.all
        }
        return (log.all, events)
    }

    @Test func `what was reserved is settled once the store has the intent, and before the call`() async throws {
        let log = try await pay().log
        #expect(log == [.work(epoch: 1), .reserve, .settle, .call])
    }

    @Test func `room that has to be got from elsewhere is waited for, and the saga does not sleep`() async throws {
        let (log, events) = try await pay(full: 1)
        #expect(log == [.work(epoch: 1), .full, .makeRoom, .reserve, .settle, .call])
        #expect(!events.contains { if case .heldBack = $0 { true } else { false } })
    }

    @Test func `what the store did not answer about is not settled while the lease lasts`() async throws {
        let fails = Locked(1)
        let log = try await pay(wrap: { base in
            HookedStore(
                base,
                beforeCommit: { batch throws(StoreError) in
                    let intends = batch.contains { operation in
                        guard case .append(let append) = operation else { return false }
                        return append.entries.contains { $0.kind == .intent }
                    }
                    guard intends,
                        fails.withLock({
                            $0 -= 1; return $0 >= 0
                        })
                    else { return }
                    throw StoreError(.unavailable, "gone for a moment")
                })
        }).log
        #expect(log.prefix(2) == [.work(epoch: 1), .reserve])
        // The next lease is its second; on a busy machine a third was seen.
        #expect(log.dropFirst(2).first.map { [.work(epoch: 2), .work(epoch: 3)].contains($0) } == true)
        #expect(log.count { $0 == .reserve } == log.count { $0 == .settle } + 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `whatever the store fails at, nothing is settled that was not reserved`() async throws {
        for point in 1...6 {
            for fault in [StoreFault.unavailable, .errorAfterApplying] {
                var reserved = 0
                for line in try await pay(.at(point, fault)).log {
                    switch line {
                    case .work: reserved = 0
                    case .reserve: reserved += 1
                    case .settle: reserved -= 1
                    case .full, .makeRoom, .call: break
                    }
                    #expect(reserved >= 0)
                }
                #expect(reserved == 0, "fault \(fault) at \(point)")
            }
        }
    }
}

/// Writes down what it is told.
private final class RoomLog: Gatekeeper {
    enum Line: Equatable {
        case work(epoch: Int64)
        case reserve
        case full
        case makeRoom
        case settle
        case call
    }

    private let state: Locked<(full: Int, epoch: Int64, lines: [Line])>

    init(full: Int) { state = Locked((full, 0, [])) }

    var all: [Line] { state.withLock { $0.lines } }

    func enter(_ call: GateCall) async -> Admission {
        state.withLock { $0.lines.append(.call) }
        return .granted
    }

    func leave(_ call: GateCall, outcome: CallOutcome) async {}

    func reserve(_ exposure: Exposure) -> Admission {
        state.withLock { state in
            state.full -= 1
            state.lines.append(state.full >= 0 ? .full : .reserve)
            return state.full >= 0 ? .later(at: Sample.now, reason: "full") : .granted
        }
    }

    func makeRoom(for exposure: Exposure) async -> Bool {
        state.withLock { $0.lines.append(.makeRoom) }
        return true
    }

    func settle(_ reserved: [Exposure]) {
        state.withLock { state in
            for _ in reserved { state.lines.append(.settle) }
        }
    }

    func work(under lease: Lease) {
        state.withLock { state in
            // A lease that is prolonged is the same one.
            guard lease.epoch != state.epoch else { return }
            state.epoch = lease.epoch
            state.lines.append(.work(epoch: lease.epoch))
        }
    }

    func adjust(_ asset: String, by amount: Int128) {}

    func recount(_ exposures: [Exposure]) {}
}
