internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// A store that no daemon holds, read without one; it gives the answers that the API would give.
struct DirectStore {
    let settings: ClientSettings

    /// How many stuck children are named.
    private static let namedChildren = 20

    func list(status: String?, flow: String?, terms: String?, offset: Int, limit: Int) async throws -> Answer {
        var query = SagaQuery(offset: offset, limit: limit)
        query.status = status.flatMap(SagaStatus.init)
        query.flow = flow
        query.rootsOnly = status == nil && flow == nil && terms == nil
        for term in (terms ?? "").split(separator: " and ") { try apply(String(term), to: &query) }
        let page = try await reading { store in try await store.search(query) }
        return Answer(
            data: .array(page.rows.map(SagaJSON.row)),
            page: [
                "offset": .number(JSONNumber(offset)), "limit": .number(JSONNumber(limit)),
                "total": .number(JSONNumber(page.total)),
            ])
    }

    func show(_ text: String) async throws -> Answer {
        let missing = CommandFailure(.notFound, "there is no saga \(text) in \(settings.storePath)")
        guard let id = SagaID(rawValue: text) else { throw missing }
        let registry = try await flows()
        return try await reading { store in
            let inspection = Inspection(
                archive: store, registry: registry, digest: SHA256Digest(), singleHanded: settings.isSingleHanded)
            guard let snapshot = try await inspection.snapshot(of: id) else { throw missing }
            let stuck = try await store.search(SagaQuery(status: .stuck, under: id, limit: Self.namedChildren + 1))
            let children = stuck.rows.filter { $0.id != id }.prefix(Self.namedChildren)
            return Answer(data: SagaJSON.detail(snapshot, stuckChildren: Array(children)))
        }
    }

    func verifyAudit() async throws -> Answer {
        let report = try await reading { store in try await store.verifyAudit() }
        var members: [JSONValue.Member] = [
            .init("ok", .bool(report.fault == nil)), .init("entries", .number(JSONNumber(report.entries))),
            .init("prints", .number(JSONNumber(report.prints))), .init("seals", .number(JSONNumber(report.seals))),
            .init("sagas", .number(JSONNumber(report.sagas))), .init("head", seal(report.head)),
        ]
        if let fault = report.fault { members.append(.init("fault", self.fault(fault))) }
        return Answer(data: .object(members))
    }

    func seals(after number: Int64, limit: Int) async throws -> [JSONValue] {
        try await reading { store in try await store.seals(after: number, limit: limit) }.map(seal)
    }

    private func seal(_ head: AuditHead) -> JSONValue {
        [
            "seal": .number(JSONNumber(head.number)), "at": .string(head.at.rfc3339),
            "link": .string(head.link.description),
        ]
    }

    private func fault(_ fault: AuditFault) -> JSONValue {
        var members: [JSONValue.Member] = [.init("code", .string(fault.code.rawValue))]
        if let saga = fault.saga { members.append(.init("saga", .string(saga))) }
        if let sequence = fault.sequence { members.append(.init("sequence", .number(JSONNumber(sequence)))) }
        if let number = fault.number { members.append(.init("number", .number(JSONNumber(number)))) }
        return .object(members + [.init("message", .string(fault.description))])
    }

    private func reading<Value: Sendable>(_ body: (SQLiteStore) async throws -> Value) async throws -> Value {
        let store = try await SQLiteStore.openForReading(
            SQLiteStoreConfiguration(
                path: settings.storePath, clock: SystemClock(), digest: SHA256Digest(),
                handlers: FlowCatalogue.recordHandlers, anchorPath: settings.anchorPath))
        do {
            let value = try await body(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }

    /// The flows by their stages; none of them is run.
    private func flows() async throws -> FlowRegistry {
        var registry = FlowRegistry()
        FlowCatalogue.register(
            into: &registry, book: try await SQLiteOfferingBook.temporary(), books: ClosedBooks())
        return registry
    }

    private func apply(_ term: String, to query: inout SagaQuery) throws {
        let parts = term.split(separator: "=", maxSplits: 1).map { String($0).filter { $0 != " " } }
        guard parts.count == 2 else { throw UsageError("'\(term)' is no term; \(WhereWords.details)") }
        switch parts[0] {
        case "status":
            guard let status = SagaStatus(rawValue: parts[1]) else { throw UsageError("\(parts[1]) is no status") }
            query.status = status
        case "flow": query.flow = parts[1]
        case "roots": query.rootsOnly = parts[1] == "true"
        case "under":
            guard let id = SagaID(rawValue: parts[1]) else { throw UsageError("\(parts[1]) is no saga's id") }
            query.under = id
        case "cause", "stage":
            throw CommandFailure(
                .failed, "\(parts[0]) can be asked for only while a daemon runs; narrow the search by status and under")
        case let name:
            throw UsageError("there is no term \(name); \(WhereWords.details)")
        }
    }
}

/// The counterparties' books where none is to be asked.
private struct ClosedBooks: SettlementBooks {
    func snapshot() async throws -> any BookSnapshot {
        throw StoreError(.misuse, "a store that is only read asks no counterparty")
    }

    func ledger(of offering: OfferingID) async throws -> LedgerTotals {
        throw StoreError(.misuse, "a store that is only read asks no ledger")
    }
}
