import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// Runs a workload's runner and counterparties, and moves the clock whenever all of them rest.
struct SettlementDriver {
    let workload: SettlementWorkload
    let store: PromisingStore
    let runner: Runner

    /// A settlement takes some hundreds.
    private static let mostMoves = 10_000
    /// How many looks without a change are rest, when nobody is at work and when somebody seems to be.
    private static let rest = (idle: 40, busy: 20_000)
    private static let patience = 300

    /// Settles the offering.
    func drive(_ offering: SealedOffering) async throws -> SettlementWorkload.Ending {
        let operations = Operations(runner: runner, singleHanded: true)
        let (world, sink) = (workload.world, workload.sink)
        world.hook(
            MockHooks(notice: { notice in
                sink?.report(world)
                do {
                    _ = try await operations.accept(notice)
                    return true
                } catch {
                    return false
                }
            }))
        let damage = Locked<StoreError?>(nil)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let failure = await Self.failure(of: runner)
                damage.withLock { $0 = failure }
            }
            group.addTask { await world.run() }
            defer {
                runner.stop()
                group.cancelAll()
            }
            return try await settle(offering, operations, damage)
        }
    }

    private static func failure(of runner: Runner) async -> StoreError? {
        do {
            try await runner.run()
            return nil
        } catch {
            return error
        }
    }

    private func settle(
        _ offering: SealedOffering, _ operations: Operations, _ damage: Locked<StoreError?>
    ) async throws -> SettlementWorkload.Ending {
        guard let id = SagaID(rawValue: offering.offering.id.rawValue) else { throw CancellationError() }
        var isSubmitted = false
        var (seen, calm) = (-1, 0)
        var moves = 0
        while moves < Self.mostMoves {
            if let damage = damage.withLock({ $0 }) { return .stopped("\(damage)") }
            if store.failures > Self.patience, let failure = store.lastFailure { return .waiting("\(failure)") }
            if !isSubmitted { isSubmitted = try await submit(id, offering, operations) }
            let version = store.calmVersion
            if version == nil || version != seen { (seen, calm) = (version ?? -1, 0) }
            calm += 1
            await Task.yield()
            guard version != nil, calm > (runner.active == 0 ? Self.rest.idle : Self.rest.busy) else { continue }
            calm = 0
            moves += 1
            if let ending = try await ending(of: id) { return ending }
            if let moment = workload.clock.nextMoment { workload.clock.advance(to: moment) }
        }
        throw StoreError(.misuse, "the settlement does not come to an end: \(try await whereabouts())")
    }

    /// Where the sagas stand that have not ended.
    private func whereabouts() async throws -> String {
        let rows = try await store.search(SagaQuery(limit: 100)).rows.filter { $0.output == nil }
        let sagas = rows.map { row in
            "\(row.id) \(row.standing.status) \(String(decoding: row.standing.predicament, as: UTF8.self))"
        }
        return "\(runner.active) at work, next \(String(describing: workload.clock.nextMoment)); "
            + sagas.joined(separator: "; ")
    }

    private func submit(_ id: SagaID, _ offering: SealedOffering, _ operations: Operations) async throws -> Bool {
        let input = try JournalEncoder().encode(offering)
        do {
            _ = try await operations.submit(id, flow: OfferingSettlement.flow, input: input)
            return true
        } catch is StoreError {
            // The store is away; whether for good shows elsewhere.
            return false
        }
    }

    private func ending(of id: SagaID) async throws -> SettlementWorkload.Ending? {
        let row: SagaRow?
        do {
            row = try await store.row(of: id)
        } catch {
            return nil
        }
        guard let row, row.standing.status == .completed, let output = row.output else { return nil }
        let settlement = try JournalDecoder().decode(Settlement.self, from: output)
        var effects: [String] = []
        for party in [Parties.custodian, Parties.blockchain, Parties.bank] {
            effects += workload.world.book(of: party).effects.map { "\(party):\($0.reference)" }
        }
        return .completed(settlement, effects: effects.sorted())
    }
}
