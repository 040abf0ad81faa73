import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

extension SettlementBench {
    /// Lets time pass until a saga stands so.
    @discardableResult
    func until(
        _ statuses: SagaStatus..., cause: Predicament.Cause? = nil, stage: OfferingSettlement.Stage? = nil,
        of saga: SagaID? = nil,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> SagaRow {
        for turn in 1...400_000 {
            // A call that takes its time keeps the runner busy; then time passes now and then, too. The moment is taken
            // before the saga is looked at: a wait that begins later is never slept through unseen. A wait for a moment
            // needs no time to begin, and would never begin if the moment came before it.
            let passes = cause != .awaitingMoment && (runner.active == 0 || turn.isMultiple(of: 300))
            let moment = passes ? clock.nextMoment : nil
            if let row = try await store.row(of: saga ?? id), statuses.contains(row.standing.status) {
                let shown = try predicament(row)
                if cause == nil || shown?.cause == cause, stage == nil || shown?.stage == stage?.name { return row }
            }
            if let moment { clock.advance(to: moment) }
            await Task.yield()
        }
        let row = try await store.row(of: saga ?? id)
        let page = try await store.search(SagaQuery(under: id, limit: 20))
        let others = page.rows.map {
            "\($0.id) \($0.standing.status): \(String(decoding: $0.standing.predicament, as: UTF8.self))"
        }
        Issue.record(
            "it never stood so: \(String(describing: row?.standing)); \(others.joined(separator: "; "))",
            sourceLocation: location)
        throw CancellationError()
    }

    func predicament(_ row: SagaRow) throws -> Predicament? {
        try row.standing.readPredicament()
    }

    /// How the settlement ended.
    func settlement() async throws -> Settlement {
        let row = try #require(try await store.row(of: id))
        return try JournalDecoder().decode(Settlement.self, from: try #require(row.output))
    }

    /// Acts as a person does who tries again when a runner is just looking at the saga.
    func act(_ action: OperatorAction, on saga: SagaID? = nil) async throws {
        for _ in 1...10_000 {
            do {
                _ = try await operations.act(action, on: saga ?? id, by: Self.ann, reason: "test", version: nil)
                return
            } catch let refused as ActionRefused where refused.code == .busy {
                await Task.yield()
            }
        }
        Issue.record("a runner is working on \(saga ?? id) for ever")
    }

    /// What an account holds, in major units.
    func balance(_ account: String, at party: CounterpartyName = Parties.custodian, of asset: String = "SGD") -> String?
    {
        world.book(of: party).balances(of: account).first { $0.asset == asset }?.amount
    }

    /// A party's effects by stage, the offering's id taken off, in byte order.
    func effects(at party: CounterpartyName) -> [String] {
        world.book(of: party).effects.map { String($0.reference.dropFirst(offering.id.rawValue.utf8.count + 1)) }
            .sorted()
    }

    /// The stages of a saga that the journal answers for, in order.
    func stages(of saga: SagaID) async throws -> [String] {
        var stages: [String] = []
        for entry in try await store.journal(of: saga, after: 0, limit: 10_000)
        where !entry.stage.rawValue.isEmpty && stages.last != entry.stage.rawValue {
            stages.append(entry.stage.rawValue)
        }
        return stages
    }
}
