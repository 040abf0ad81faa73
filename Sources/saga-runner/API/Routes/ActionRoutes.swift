internal import Adapters
internal import SagaEngine

/// What operators do to sagas: one at a time, or many after a dry run.
enum ActionRoutes {
    static let members = ["reason", "version", "line", "stage", "outcome", "evidence_base64", "evidence_name"]

    /// What operators can do to sagas.
    static let names = ["retry", "resume", "discard", "cancel", "exclude", "resolve"]

    static let all: [APIRoute] =
        names.map(single) + [
            APIRoute(
                method: .post, path: "/api/v1/sagas/bulk", access: .role(.operator),
                body: .json(limit: APIRoute.documentBody),
                summary: "Acts on many: with dry_run the exact set and its value; then, given that set, one by one.",
                members: BulkAction.members, handle: { try await BulkAction($0).reply() }),
            APIRoute(
                method: .get, path: "/api/v1/evidence/{digest}", access: .role(.operator), body: .none,
                summary: "A document that was brought as evidence, with the name it was brought under.",
                handle: evidence),
        ]

    private static func single(_ name: String) -> APIRoute {
        let members: [String]
        switch name {
        case "exclude": members = ["reason", "version", "line"]
        case "resolve": members = ["reason", "version", "stage", "outcome", "evidence_base64", "evidence_name"]
        default: members = ["reason", "version"]
        }
        return APIRoute(
            method: .post, path: "/api/v1/sagas/{id}/\(name)", access: .role(.operator),
            body: .json(limit: name == "resolve" ? APIRoute.documentBody : APIRoute.usualBody),
            summary: "The operator action \(name); a version that is not the saga's any more is refused.",
            members: members, handle: { try await act(name, $0, members) })
    }

    private static func act(_ name: String, _ call: APICall, _ members: [String]) async throws -> APIReply {
        let body = try APIBody(call.request, members: members)
        var id = try SagaRoutes.id(call)
        if name == "exclude", let line = try body.optionalText("line") { id = try await child(line, of: id, call) }
        let (action, evidence, late) = try await action(name, body, call, on: [id])
        let before = try await call.service.store.row(of: id).flatMap(SagaJSON.predicament)
        let version = try await call.service.operations.act(
            action, on: id, by: call.actor, reason: try body.text("reason"), version: try body.number("version"))
        try await late?()
        return .data(
            .fields(
                ("id", .string(id.rawValue)), ("version", .count(version)), ("evidence", evidence.map { .string($0) }),
                ("message", .string(ActionWords.sentence(name, at: before?.cause)))))
    }

    /// The action that a body describes. A document that comes with it is kept first, where the action is allowed to
    /// any of the sagas as things stand; where it is not, nothing is kept unless it is carried out after all.
    static func action(
        _ name: String, _ body: APIBody, _ call: APICall, on sagas: [SagaID]
    ) async throws -> (action: OperatorAction, evidence: String?, late: (@Sendable () async throws -> Void)?) {
        try check(name)
        switch name {
        case "retry": return (.retry, nil, nil)
        case "resume": return (.resume, nil, nil)
        case "discard": return (.discard, nil, nil)
        case "cancel": return (.cancel, nil, nil)
        case "exclude": return (.exclude, nil, nil)
        case "resolve":
            let stage = StageName(rawValue: try body.text("stage"))
            guard let outcome = OperatorAction.Resolution(rawValue: try body.text("outcome")) else {
                throw APIFault.invalid("outcome must be settled or refused")
            }
            let content = try body.bytes("evidence_base64", largest: EvidenceCabinet.largestDocument)
            guard !content.isEmpty else { throw APIFault.invalid("evidence_base64 is empty; bring a document") }
            let name = try body.optionalText("evidence_name", longest: 256) ?? "evidence"
            if let fault = PlainText.unseen(in: name) { throw APIFault.invalid("evidence_name holds \(fault)") }
            let digest = Hex.encode(SHA256Digest.hash(content))
            let action = OperatorAction.resolve(stage: stage, outcome: outcome, evidence: "sha256:\(digest)")
            let (cabinet, actor) = (call.service.evidence, call.actor.name)
            let keep: @Sendable () async throws -> Void = {
                _ = try await cabinet.keep(content, name: name, by: actor)
            }
            guard try await isAllowed(action, body, call, on: sagas) else { return (action, digest, keep) }
            try await keep()
            return (action, digest, nil)
        default: throw APIFault.invalid("\(name.prefix(40)) is no action")
        }
    }

    /// Refuses what is no action at all.
    static func check(_ name: String) throws {
        guard names.contains(name) else {
            throw APIFault.invalid(
                "\(PlainText.escaping(String(name.prefix(40)))) is no action; there are \(names.joined(separator: ", "))"
            )
        }
    }

    private static func isAllowed(
        _ action: OperatorAction, _ body: APIBody, _ call: APICall, on sagas: [SagaID]
    ) async throws -> Bool {
        let reason = try body.text("reason")
        for saga in sagas {
            if try await call.service.operations.refusal(of: action, on: saga, by: call.actor, reason: reason) == nil {
                return true
            }
        }
        return false
    }

    /// The saga of a line of the whole, whichever stage started it: the one that can still be taken out.
    private static func child(_ line: String, of parent: SagaID, _ call: APICall) async throws -> SagaID {
        guard let element = ElementID(rawValue: line), let row = try await call.service.store.row(of: parent) else {
            throw APIFault.notFound("saga", "\(parent) with a line \(line)")
        }
        var found: [SagaRow] = []
        for stage in call.service.registry.stages(of: row.flow) ?? [] {
            if let child = try await call.service.store.row(of: parent.child(of: stage, element: element)) {
                found.append(child)
            }
        }
        guard let child = found.first(where: { !$0.standing.status.isTerminal }) ?? found.last else {
            throw APIFault.notFound("saga", "\(parent) with a line \(line)")
        }
        return child.id
    }

    private static func evidence(_ call: APICall) async throws -> APIReply {
        let digest = call.parameter("digest")
        guard let document = try await call.service.evidence.document(digest) else {
            throw APIFault.notFound("evidence", digest)
        }
        return .raw(
            HTTPServerResponse(
                status: 200,
                headers: [
                    "Content-Type": "application/octet-stream",
                    "Content-Disposition": DocumentName(document.name).disposition,
                ],
                body: document.content))
    }
}
