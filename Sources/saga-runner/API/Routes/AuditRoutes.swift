internal import Adapters
internal import SagaEngine

/// The audit chain: its end, its verification, its seals.
enum AuditRoutes {
    static let all: [APIRoute] = [
        APIRoute(
            method: .get, path: "/api/v1/audit/head", access: .role(.viewer), body: .none,
            summary: "The newest seal.", handle: { call in .data(head(try await call.service.store.auditHead())) }),
        APIRoute(
            method: .post, path: "/api/v1/audit/verify", access: .role(.viewer), body: .json(limit: APIRoute.usualBody),
            summary: "Recomputes the whole chain and names the first bad link.", handle: verify),
        APIRoute(
            method: .get, path: "/api/v1/audit/export", access: .role(.viewer), body: .none,
            summary: "Seals, oldest first.",
            query: ["after", "limit"], handle: export),
    ]

    static func head(_ head: AuditHead) -> JSONValue {
        .fields(
            ("store", .string(head.store)), ("seal", .count(head.number)), ("at", .time(head.at)),
            ("link", .string(head.link.description)))
    }

    /// A verification's result; `anchor` says why nothing tells whether a chain that holds is the newest.
    static func report(_ report: AuditReport, anchor: AnchorStanding) -> JSONValue {
        let fault = report.fault.map { fault in
            JSONValue.fields(
                ("code", .string(fault.code.rawValue)), ("saga", fault.saga.map { .string($0) }),
                ("sequence", fault.sequence.map { .count($0) }), ("number", fault.number.map { .count($0) }),
                ("message", .string(AuditWords.sentence(fault))))
        }
        let doubt = report.fault == nil ? anchor.complaint : nil
        return .fields(
            ("ok", .bool(report.fault == nil)), ("entries", .count(report.entries)), ("prints", .count(report.prints)),
            ("seals", .count(report.seals)), ("sagas", .count(report.sagas)), ("head", head(report.head)),
            ("fault", fault),
            ("anchor", doubt.map { .fields(("code", .string(anchor.code)), ("message", .string($0))) }))
    }

    private static func verify(_ call: APICall) async throws -> APIReply {
        _ = try APIBody(call.request, members: [])
        let verified = try await call.service.store.verifyAudit()
        return .data(report(verified, anchor: try await call.service.store.anchorStanding()))
    }

    private static func export(_ call: APICall) async throws -> APIReply {
        let page = try APIPage(call.request)
        let after = try APIPage.number(call.request, "after", in: 0...Int(Int32.max)) ?? 0
        let seals = try await call.service.store.seals(after: Int64(after), limit: page.limit)
        return .data(.array(seals.map(head)))
    }
}
