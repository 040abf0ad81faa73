internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// A store that no daemon holds, read without one; it gives the answers that the API would give.
struct DirectStore {
    let store: RunnerConfig.Store
    let isSingleHanded: Bool
    /// Who is warned when what is read may not be the newest.
    let console: Console

    /// How many stuck children are named.
    private static let namedChildren = 20

    private var place: StorePlace { store.place }

    func list(status: String?, flow: String?, terms: String?, offset: Int, limit: Int) async throws -> Answer {
        let all = [terms, status.map { "status=\($0)" }, flow.map { "flow=\($0)" }].compactMap { $0 }
        let filter: SagaFilter
        do {
            filter = try SagaFilter(terms: (all + (status == nil ? [] : ["roots=false"])).joined(separator: " and "))
        } catch let fault as APIFault {
            throw UsageError(fault.message)
        }
        let known = try await self.flows().all
        let (page, listed): (SagaPage, JSONValue)
        do {
            (page, listed) = try await reading { store in
                await warn(of: try await store.anchorStanding())
                let page = try await filter.page(APIPage(offset: offset, limit: limit), in: store)
                if page.total == 0 { try await filter.refuseUnknown(in: store, knowing: known) }
                return (page, try await SagaListing.json(page.rows, in: store))
            }
        } catch let fault as APIFault where fault.status == 404 {
            throw CommandFailure(.notFound, fault.message)
        }
        return Answer(
            data: listed,
            page: .fields(("offset", .count(offset)), ("limit", .count(limit)), ("total", .count(page.total))))
    }

    func show(_ text: String) async throws -> Answer {
        let missing = CommandFailure(.notFound, "there is no saga \(text) in \(place.words)")
        guard let id = SagaID(rawValue: text) else { throw missing }
        let registry = try await flows()
        return try await reading { store in
            await warn(of: try await store.anchorStanding())
            let inspection = Inspection(
                archive: store, registry: registry, digest: SHA256Digest(), singleHanded: isSingleHanded)
            guard let snapshot = try await inspection.snapshot(of: id) else { throw missing }
            let stuck = try await store.search(SagaQuery(status: .stuck, under: id, limit: Self.namedChildren + 1))
            let children = stuck.rows.filter { $0.id != id }.prefix(Self.namedChildren)
            return Answer(data: SagaJSON.detail(snapshot, stuckChildren: Array(children)))
        }
    }

    func prints(under text: String?, offset: Int, limit: Int) async throws -> Answer {
        let id = text.flatMap { SagaID(rawValue: $0) }
        return try await reading { store in
            await warn(of: try await store.anchorStanding())
            if let text {
                let known = if let id { try await store.row(of: id) != nil } else { false }
                guard known else {
                    throw CommandFailure(.notFound, "there is no saga \(text) in \(place.words)")
                }
            }
            let prints = try await store.prints(under: id, limit: limit, offset: offset)
            return Answer(
                data: .array(prints.map(NoticeJSON.print)),
                page: .fields(("offset", .count(offset)), ("limit", .count(limit))))
        }
    }

    /// The daemons that worked on a store that may be shared, and are still on its list.
    func runners() async throws -> Answer {
        try await reading { store in Answer(data: .array(try await store.runners().map(RunnerRoutes.json))) }
    }

    func verifyAudit() async throws -> Answer {
        try await reading { store in
            let report = try await store.verifyAudit()
            return Answer(data: AuditRoutes.report(report, anchor: try await store.anchorStanding()))
        }
    }

    func seals(after number: Int64, limit: Int) async throws -> [JSONValue] {
        try await reading(quietly: true) { store in try await store.seals(after: number, limit: limit) }.map(
            AuditRoutes.head)
    }

    /// What an old copy shows was true once; whoever decides by it must know.
    private func warn(of standing: AnchorStanding) async {
        guard let complaint = standing.complaint else { return }
        await console.say(
            "warning: \(complaint): what is shown may be out of date; see docs/operating/restoring.md")
    }

    private func reading<Value: Sendable>(
        quietly: Bool = false, _ body: (any ServiceStore) async throws -> Value
    ) async throws -> Value {
        let store = try await open()
        // What is read so looks as it does from a daemon, and nothing of it moves.
        if !quietly { await console.say(place.readWords) }
        do {
            let value = try await body(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw StoreChoice.placed(error, in: place)
        }
    }

    private func open() async throws -> any ServiceStore {
        do {
            return try await StoreChoice.openForReading(store)
        } catch {
            throw StoreChoice.placed(error, in: place)
        }
    }

    /// The flows by their stages; none of them is run.
    private func flows() async throws -> FlowRegistry {
        var registry = FlowRegistry()
        FlowCatalogue.register(
            into: &registry, book: try await OfferingTables.temporary(), books: ClosedBooks(),
            neighbours: NoNeighbours())
        return registry
    }
}

/// The counterparties' books where none is to be asked.
private struct ClosedBooks: SettlementBooks {
    func snapshot() async throws -> any BookSnapshot {
        throw StoreError(.misuse, "a store that is only read asks no counterparty")
    }

    func movements(under effects: [BookEffect]) async throws -> [BookFinding] {
        throw StoreError(.misuse, "a store that is only read asks no counterparty")
    }

    func movements(
        of offering: OfferingID, at party: CounterpartyName, after place: String?
    ) async throws -> BookPage {
        throw StoreError(.misuse, "a store that is only read asks no counterparty")
    }

    func ledger(of offering: OfferingID, lines: [InvestorID]) async throws -> [LedgerTotals] {
        throw StoreError(.misuse, "a store that is only read asks no ledger")
    }

    func ledger(of offering: OfferingID) async throws -> LedgerTotals {
        throw StoreError(.misuse, "a store that is only read asks no ledger")
    }
}

extension APIPage {
    /// A page asked for by a command.
    fileprivate init(offset: Int, limit: Int) {
        self.offset = offset
        self.limit = limit
    }
}
