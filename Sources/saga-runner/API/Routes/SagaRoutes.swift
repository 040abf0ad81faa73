internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// Searching and looking at sagas, and starting one.
enum SagaRoutes {
    /// How many stuck descendants a saga's detail names.
    static let stuckShown = 20
    private static let paging = ["offset", "limit"]

    static let all: [APIRoute] = [
        APIRoute(
            method: .post, path: "/api/v1/sagas", access: .role(.operator), body: .json(limit: APIRoute.usualBody),
            summary: "Starts a saga; the flow derives the id from the input.", members: ["flow", "input"], success: 201,
            handle: submit),
        APIRoute(
            method: .get, path: "/api/v1/sagas", access: .role(.viewer), body: .none, summary: "Searches sagas.",
            query: SagaFilter.names + paging, handle: list),
        APIRoute(
            method: .get, path: "/api/v1/sagas/{id}", access: .role(.viewer), body: .none,
            summary:
                "One saga: stages, what it waits for, what is at stake, what can be done. In paths, / is written %23.",
            handle: show),
        APIRoute(
            method: .get, path: "/api/v1/sagas/{id}/journal", access: .role(.viewer), body: .none,
            summary: "A saga's history.", query: ["after", "limit"], handle: journal),
        APIRoute(
            method: .get, path: "/api/v1/sagas/{id}/branches", access: .role(.viewer), body: .none,
            summary: "A saga's descendants, or the children of one stage.",
            query: ["status", "stage", "after"] + paging,
            handle: branches),
        APIRoute(
            method: .get, path: "/api/v1/sagas/{id}/books", access: .role(.viewer), body: .none,
            summary: "What a saga and its children posted to our ledger.",
            query: ["after", "after_key", "limit", "sum"],
            handle: books),
    ]

    /// The saga's id of a path: `#` stands for `/`, because a path has no other way to say it.
    static func id(_ call: APICall) throws -> SagaID {
        let text = call.parameter("id").split(separator: "#", omittingEmptySubsequences: false).joined(separator: "/")
        guard let id = SagaID(rawValue: text) else { throw APIFault.notFound("saga", text) }
        return id
    }

    private static func submit(_ call: APICall) async throws -> APIReply {
        let body = try APIBody(call.request, members: ["flow", "input"])
        let name = try body.text("flow")
        guard name == OfferingSettlement.flow.name || name == "\(OfferingSettlement.flow)" else {
            throw APIFault.notFound("flow", name, that: "is started by hand", among: [OfferingSettlement.flow.name])
        }
        guard let given = body["input"] else { throw APIFault.invalid("input is missing") }
        let sealed = try Self.sealed(given)
        let known = try await call.service.book.sealed(sealed.offering.id)
        guard known == sealed else {
            throw APIFault(
                409, "offering.conflict",
                "no offering \(sealed.offering.id) is sealed with this content; load and settle it")
        }
        let saga = try Submission.saga(of: sealed.offering.id)
        let isNew = try await Submission.submit(
            saga, OfferingSettlement.flow, try JournalEncoder().encode(sealed), call)
        return .data(.fields(("saga", .string(saga.rawValue)), ("created", .bool(isNew))), status: isNew ? 201 : 200)
    }

    /// The input of a settlement; a fault names the member and what it should be.
    private static func sealed(_ given: JSONValue) throws -> SealedOffering {
        do {
            return try JournalDecoder().decode(SealedOffering.self, from: given.bytes())
        } catch {
            let member = error.field.map { "input, member \($0)" } ?? "input"
            throw APIFault.invalid(
                "\(member): \(error.code.meaning); the input of \(OfferingSettlement.name) is {\"offering\": the terms "
                    + "as GET /api/v1/offerings/ID has them, \"input\": its input_digest}")
        }
    }

    private static func list(_ call: APICall) async throws -> APIReply {
        let filter = try SagaFilter(call.request)
        let page = try APIPage(call.request)
        let found = try await filter.page(page, in: call.service.store)
        if found.total == 0 {
            try await filter.refuseUnknown(in: call.service.store, knowing: call.service.registry.all)
        }
        return .data(
            try await SagaListing.json(found.rows, in: call.service.store), page: page.of(found.total))
    }

    private static func show(_ call: APICall) async throws -> APIReply {
        let id = try id(call)
        guard let snapshot = try await call.service.inspection.snapshot(of: id) else {
            throw APIFault.notFound("saga", id.rawValue)
        }
        let stuck = try await call.service.store.search(
            SagaQuery(status: .stuck, under: id, limit: stuckShown + 1)
        ).rows.filter { $0.id != id }
        return .data(
            SagaJSON.detail(
                snapshot, stuckChildren: Array(stuck.prefix(stuckShown)),
                troubles: CounterpartyRoutes.troubles(of: call.service)))
    }

    private static func journal(_ call: APICall) async throws -> APIReply {
        let id = try await known(call)
        let page = try APIPage(call.request)
        let after = try APIPage.number(call.request, "after", in: 0...Int(Int32.max)) ?? 0
        let entries = try await call.service.store.journal(of: id, after: after, limit: page.limit)
        return .data(.array(entries.map(SagaJSON.entry)))
    }

    private static func branches(_ call: APICall) async throws -> APIReply {
        let id = try await known(call)
        var page = try APIPage(call.request)
        if let stage = call.request.query("stage") {
            let after = call.request.query("after").flatMap { ElementID(rawValue: $0) }
            let rows = try await call.service.store.children(
                of: id, stage: StageName(rawValue: stage), after: after, limit: page.limit)
            return .data(try await SagaListing.json(rows, in: call.service.store))
        }
        var status: SagaStatus?
        if let text = call.request.query("status") {
            status = SagaStatus(rawValue: text)
            if status == nil { throw APIFault.invalid("status is none of the statuses") }
        }
        // The saga itself comes first among those at and below it, when it matches; it is no branch of its own.
        let matchesItself = status == nil ? true : try await call.service.store.row(of: id)?.standing.status == status
        let shift = matchesItself ? 1 : 0
        let found = try await call.service.store.search(
            SagaQuery(status: status, under: id, offset: page.offset + shift, limit: page.limit))
        page.total = max(0, found.total - shift)
        return .data(try await SagaListing.json(found.rows, in: call.service.store), page: page)
    }

    private static func books(_ call: APICall) async throws -> APIReply {
        let id = try await known(call)
        let root = String(id.rawValue.prefix { $0 != "/" })
        if call.request.query("sum") == "true" {
            let totals = try await LedgerFold(call.service.store).totals(of: root)
            return .data(.fields(("totals", SagaJSON.json(try JournalEncoder().encode(totals)))))
        }
        let page = try APIPage(call.request)
        let after = try APIPage.number(call.request, "after", in: 0...Int.max) ?? 0
        let place = BookPlace(key: call.request.query("after_key") ?? "", number: Int64(after))
        let lines = try await call.service.store.bookLines(
            of: LedgerHandler.log, under: root, after: place, limit: page.limit)
        return .data(
            .array(
                lines.map { line in
                    .fields(
                        ("number", .count(line.number)), ("key", .string(line.key)),
                        ("saga", .string(line.cause.saga.rawValue)), ("stage", .string(line.cause.stage.rawValue)),
                        ("at", .time(line.cause.at)), ("set", SagaJSON.json(line.body)))
                }))
    }

    private static func known(_ call: APICall) async throws -> SagaID {
        let id = try id(call)
        guard try await call.service.store.row(of: id) != nil else { throw APIFault.notFound("saga", id.rawValue) }
        return id
    }
}
