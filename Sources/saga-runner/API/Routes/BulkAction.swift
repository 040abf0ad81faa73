internal import Adapters
internal import SagaEngine

/// One action on many sagas: first the exact set and its value, then, for that very set, an outcome for each.
struct BulkAction {
    /// The most sagas of one action.
    static let limit = 1_000
    static let members =
        ["action", "where", "dry_run", "set"] + ActionRoutes.members.filter { $0 != "version" && $0 != "line" }

    private let call: APICall
    private let body: APIBody

    init(_ call: APICall) throws {
        self.call = call
        body = try APIBody(call.request, members: Self.members)
    }

    func reply() async throws -> APIReply {
        let name = try body.text("action")
        try ActionRoutes.check(name)
        let filter = try SagaFilter(terms: try body.text("where"))
        let rows = try await filter.all(in: call.service.store, limit: SagaFilter.scanLimit)
        if rows.isEmpty { try await filter.refuseUnknown(in: call.service.store, knowing: call.service.registry.all) }
        guard rows.count <= Self.limit else {
            throw APIFault(400, "bulk.too_many", "\(rows.count) sagas match; act on at most \(Self.limit) at a time")
        }
        let set = Self.digest(of: rows, name)
        guard try body.flag("dry_run") == false else { return .data(try await preview(name, rows, set)) }
        guard try body.text("set") == set else {
            throw APIFault(409, "bulk.changed", "these are not the sagas of the dry run any more; look again")
        }
        return .data(try await carryOut(name, rows))
    }

    /// Names the sagas with the versions they were seen at.
    private static func digest(of rows: [SagaRow], _ action: String) -> String {
        let text = action + rows.map { "\n\($0.id.rawValue)@\($0.sequence)" }.joined()
        return SHA256Digest().hex(Array(text.utf8))
    }

    private func preview(_ name: String, _ rows: [SagaRow], _ set: String) async throws -> JSONValue {
        var sums: [ByteText: Exposure] = [:]
        for exposure in rows.flatMap(\.standing.exposures) {
            let sum = sums[ByteText(exposure.asset)]?.amount ?? 0
            let (total, overflow) = sum.addingReportingOverflow(exposure.amount)
            sums[ByteText(exposure.asset)] = Exposure(
                asset: exposure.asset, amount: overflow ? .max : total, decimals: exposure.decimals)
        }
        var sagas: [JSONValue] = []
        for row in rows {
            sagas.append(
                .fields(
                    ("id", .string(row.id.rawValue)), ("version", .count(row.sequence)),
                    ("status", .string(row.standing.status.rawValue)),
                    ("exposures", SagaJSON.exposures(row.standing.exposures)),
                    ("refused", try await refusal(of: name, on: row).map { .string($0) })))
        }
        return .fields(
            ("count", .count(rows.count)), ("set", .string(set)), ("sagas", .array(sagas)),
            ("exposures", SagaJSON.exposures(sums.values.sorted { $0.asset < $1.asset })))
    }

    /// Why the action would be refused as the saga stands; `nil` when it would not.
    private func refusal(of name: String, on row: SagaRow) async throws -> String? {
        let status = row.standing.status
        guard !status.isTerminal else { return "it is \(status.rawValue); nothing changes it any more" }
        guard let snapshot = try await call.service.inspection.snapshot(of: row.id) else { return "it is gone" }
        guard snapshot.actions.contains(name) else { return "its state does not allow it" }
        return snapshot.needsTwo.contains(name) ? "it needs a second person" : nil
    }

    private func carryOut(_ name: String, _ rows: [SagaRow]) async throws -> JSONValue {
        let reason = try body.text("reason")
        let (action, _, late) = try await ActionRoutes.action(name, body, call, on: rows.map(\.id))
        var done = 0
        var outcomes: [JSONValue] = []
        for row in rows {
            do {
                let version = try await call.service.operations.act(
                    action, on: row.id, by: call.actor, reason: reason, version: row.sequence)
                try await late?()
                done += 1
                outcomes.append(
                    .fields(
                        ("id", .string(row.id.rawValue)), ("outcome", "done"), ("version", .count(version))))
            } catch let refused as ActionRefused {
                outcomes.append(
                    .fields(
                        ("id", .string(row.id.rawValue)), ("outcome", .string(refused.code.rawValue)),
                        ("message", .string(refused.message))))
            }
        }
        return .fields(
            ("done", .count(done)), ("refused", .count(rows.count - done)), ("outcomes", .array(outcomes)))
    }
}
