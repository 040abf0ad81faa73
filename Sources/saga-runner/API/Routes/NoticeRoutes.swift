internal import Adapters
internal import SagaEngine

/// The inbox: what came in, and what persons do with what no stage has taken.
enum NoticeRoutes {
    static let all: [APIRoute] = [
        APIRoute(
            method: .get, path: "/api/v1/notices", access: .role(.viewer), body: .none,
            summary: "Searches the inbox; without the bodies.",
            query: ["standing", "saga", "offset", "limit"], handle: list),
        APIRoute(
            method: .get, path: "/api/v1/notices/{number}", access: .role(.viewer), body: .none,
            summary: "One notice, with its body.",
            handle: { .data(NoticeJSON.detail(try await notice($0))) }),
        APIRoute(
            method: .post, path: "/api/v1/notices/{number}/bind", access: .role(.operator),
            body: .json(limit: APIRoute.usualBody),
            summary: "Gives a notice to a saga, or to the one that expects its reference.",
            members: ["saga", "reason"],
            handle: bind),
        APIRoute(
            method: .post, path: "/api/v1/notices/{number}/verify", access: .role(.operator),
            body: .json(limit: APIRoute.usualBody),
            summary: "Looks at a quarantined callback again with the keys there are now.", members: ["reason"],
            handle: verify),
        APIRoute(
            method: .post, path: "/api/v1/notices/import", access: .role(.operator),
            body: .json(limit: APIRoute.documentBody),
            summary: "Takes in a signed original that was lost on the way.",
            members: ["source", "headers", "body_base64", "reason"], success: 201, handle: bring),
        APIRoute(
            method: .get, path: "/api/v1/prints", access: .role(.viewer), body: .none,
            summary: "What operators did or were refused, to a saga and its branches or to all, newest first.",
            query: ["saga", "offset", "limit"],
            handle: prints),
    ]

    private static func list(_ call: APICall) async throws -> APIReply {
        let page = try APIPage(call.request)
        var query = NoticeQuery(saga: try saga(call), withBodies: false, offset: page.offset, limit: page.limit)
        if let text = call.request.query("standing") {
            query.standing = NoticeStanding(rawValue: text)
            if query.standing == nil {
                let known = NoticeStanding.allCases.map(\.rawValue).joined(separator: ", ")
                throw APIFault.invalid("standing must be one of \(known)")
            }
        }
        let found = try await call.service.store.notices(query)
        if found.isEmpty { try await refuseUnknown(query.saga, call) }
        return .data(.array(found.map(NoticeJSON.notice)), page: page)
    }

    private static func bind(_ call: APICall) async throws -> APIReply {
        let body = try APIBody(call.request, members: ["saga", "reason"])
        let notice = try await notice(call)
        guard notice.standing != .quarantined else {
            throw APIFault(409, "action.state", "notice \(notice.number) is quarantined; verify it instead")
        }
        var saga: SagaID?
        if let text = try body.optionalText("saga") {
            saga = SagaID(rawValue: text)
            if saga == nil { throw APIFault.notFound("saga", text) }
        }
        let standing = try await call.service.operations.bind(
            notice: notice.number, to: saga, by: call.actor, reason: try body.text("reason"))
        return .data(.fields(("number", .count(notice.number)), ("standing", .string(standing.rawValue))))
    }

    private static func verify(_ call: APICall) async throws -> APIReply {
        let body = try APIBody(call.request, members: ["reason"])
        let reason = try body.reason()
        let notice = try await notice(call)
        guard notice.standing == .quarantined else {
            throw APIFault(
                409, "action.state", "notice \(notice.number) is \(notice.standing.rawValue), not quarantined")
        }
        let intake = call.service.intake
        let outcome = try await intake.verifyAgain(notice, by: call.actor, reason: reason)
        let (word, saga): (String, SagaID?) =
            switch outcome {
            case .stored(_, _, let saga, _): ("done", saga)
            case .refused(let verdict, _): (verdict.code, nil)
            case .full: ("full", nil)
            case .unknownSource: ("unknown_source", nil)
            }
        try await call.service.operations.print(
            "verify", by: call.actor, on: saga, reason: reason, outcome: word, detail: "notice \(notice.number)")
        return try reply(to: outcome, from: notice.notice.source.rawValue, intake)
    }

    /// The original proves itself; two persons bring it in all the same, so that nobody feeds the inbox alone.
    private static func bring(_ call: APICall) async throws -> APIReply {
        let body = try APIBody(call.request, members: ["source", "headers", "body_base64", "reason"])
        let reason = try body.reason()
        let source = try body.text("source", longest: 128)
        var headers = HTTPHeaders()
        for pair in body["headers"]?.arrayValue ?? [] {
            guard let line = pair.arrayValue, line.count == 2, let name = line[0].stringValue,
                let value = line[1].stringValue, NoticeIntake.signedHeaders.contains(name.lowercased())
            else { throw APIFault.invalid("headers must be pairs of \(NoticeIntake.signedHeaders) and their values") }
            headers.add(name.lowercased(), value)
        }
        func note(_ outcome: String, _ detail: String) async throws {
            try await call.service.operations.print(
                "import", by: call.actor, on: nil, reason: reason, outcome: outcome, detail: detail)
        }
        guard let limit = call.service.intake.bodyLimit(of: source) else {
            try await note("unknown_source", PlainText.escaping(source))
            throw unknownSource(source, call.service.intake)
        }
        let original = try body.bytes("body_base64", largest: limit)
        let detail = "\(source) sha256:\(SHA256Digest().hex(original))"
        guard call.service.config.singleHanded else {
            try await note(ActionRefused.Code.needsSecondPerson.rawValue, detail)
            throw APIFault(
                403, "action.needs_second_person",
                "bringing a notice in needs a second person; approvals are not available yet, and single_handed is off")
        }
        let outcome = try await call.service.intake.takeOriginal(from: source, headers: headers, body: original)
        switch outcome {
        case .stored: try await note("done", detail)
        case .refused(let verdict, _): try await note(verdict.code, detail)
        case .full: try await note("full", detail)
        case .unknownSource: try await note("unknown_source", detail)
        }
        return try reply(to: outcome, from: source, call.service.intake)
    }

    private static func unknownSource(_ source: String, _ intake: NoticeIntake) -> APIFault {
        let known = intake.sources.joined(separator: ", ")
        return APIFault(
            404, "counterparty.not_found",
            "no counterparty named \(PlainText.escaping(source)) sends callbacks; those that do: \(known)")
    }

    private static func reply(
        to outcome: NoticeIntake.Outcome, from source: String, _ intake: NoticeIntake
    ) throws -> APIReply {
        switch outcome {
        case .stored(let number, let standing, let saga, let isNew):
            return .data(
                .fields(
                    ("number", .count(number)), ("standing", standing.map { .string($0.rawValue) }),
                    ("saga", saga.map { .string($0.rawValue) })), status: isNew ? 201 : 200)
        case .refused(.malformed(let reason), _):
            throw APIFault(
                422, "notice.malformed", "the headers are not those of a signed original (\(reason.rawValue))")
        case .refused(let verdict, _):
            throw APIFault(422, "notice.forged", "none of the source's keys made this signature (\(verdict.code))")
        case .full:
            throw APIFault(
                409, "notice.full",
                "it contradicts what came before, and as many such of \(source) as are kept wait for a decision: "
                    + "notices list --standing conflicting, then notices bind")
        case .unknownSource: throw unknownSource(source, intake)
        }
    }

    private static func prints(_ call: APICall) async throws -> APIReply {
        let page = try APIPage(call.request)
        let saga = try saga(call)
        let prints = try await call.service.store.prints(under: saga, limit: page.limit, offset: page.offset)
        if prints.isEmpty { try await refuseUnknown(saga, call) }
        return .data(.array(prints.map(NoticeJSON.print)), page: page)
    }

    private static func saga(_ call: APICall) throws -> SagaID? {
        guard let text = call.request.query("saga") else { return nil }
        guard let id = SagaID(rawValue: text) else { throw APIFault.notFound("saga", text) }
        return id
    }

    /// Nothing to list for a saga that does not exist is a mistake, not an empty page.
    private static func refuseUnknown(_ saga: SagaID?, _ call: APICall) async throws {
        guard let saga, try await call.service.store.row(of: saga) == nil else { return }
        throw APIFault.notFound("saga", saga.rawValue)
    }

    private static func notice(_ call: APICall) async throws -> StoredNotice {
        let text = call.parameter("number")
        guard let number = Int64(text), "\(number)" == text else { throw APIFault.notFound("notice", text) }
        let found = try await call.service.store.notices(NoticeQuery(number: number, limit: 1))
        guard let notice = found.first else { throw APIFault.notFound("notice", text) }
        return notice
    }
}
