internal import Adapters
internal import SagaEngine

/// What each route answers when it succeeds, as JSON Schema. The tests hold it against the routes and their answers.
enum OpenAPIAnswers {
    /// The form of an answer.
    enum Form: Equatable {
        /// `data` is one of these.
        case one(String)
        /// `data` is a list of these; `page` says which part of a longer one, where there is one.
        case list(String)
        /// A text for people or for Prometheus.
        case text
        /// A document as it was brought.
        case bytes
        /// A JSON document of its own form.
        case document
    }

    /// The forms by method and path.
    static let forms: [(route: String, form: Form)] =
        [
            ("GET /healthz", .text), ("GET /readyz", .text), ("GET /metrics", .text),
            ("GET \(OpenAPI.path)", .document), ("GET /api/v1/version", .one("Version")),
            ("GET /api/v1/summary", .one("Census")), ("POST /webhooks/{source}", .one("Stored")),
            ("PUT /api/v1/offerings/{id}/investors", .one("LoadedPart")),
            ("PUT /api/v1/offerings/{id}/subscriptions", .one("LoadedPart")),
            ("POST /api/v1/offerings/{id}/settlement", .one("Submitted")),
            ("GET /api/v1/offerings/{id}", .one("SealedOffering")), ("POST /api/v1/sagas", .one("Submitted")),
            ("GET /api/v1/sagas", .list("Saga")), ("GET /api/v1/sagas/{id}", .one("SagaDetail")),
            ("GET /api/v1/sagas/{id}/journal", .list("Entry")), ("GET /api/v1/sagas/{id}/branches", .list("Saga")),
            ("GET /api/v1/sagas/{id}/books", .list("BookLine")), ("POST /api/v1/sagas/bulk", .one("Bulk")),
            ("GET /api/v1/evidence/{digest}", .bytes), ("GET /api/v1/notices", .list("Notice")),
            ("GET /api/v1/notices/{number}", .one("Notice")),
            ("POST /api/v1/notices/{number}/bind", .one("NoticeStanding")),
            ("POST /api/v1/notices/{number}/verify", .one("NoticeStanding")),
            ("POST /api/v1/notices/import", .one("NoticeStanding")), ("GET /api/v1/prints", .list("Print")),
            ("GET /api/v1/counterparties", .list("Counterparty")),
            ("POST /api/v1/counterparties/{name}/switch", .one("Switch")), ("GET /api/v1/runners", .list("Runner")),
            ("GET /api/v1/schedules", .list("Schedule")), ("GET /api/v1/audit/head", .one("Seal")),
            ("POST /api/v1/audit/verify", .one("AuditReport")), ("GET /api/v1/audit/export", .list("Seal")),
        ] + ActionRoutes.names.map { ("POST /api/v1/sagas/{id}/\($0)", .one("Acted")) }

    /// The form of a route's answer.
    static func form(of route: APIRoute) -> Form? {
        let name = "\(route.method.rawValue) \(route.path)"
        return forms.first { $0.route == name }?.form
    }

    /// A route's answer as the `content` of OpenAPI.
    static func content(of route: APIRoute) -> JSONValue? {
        switch form(of: route) {
        case .one(let name)?: json(envelope(reference(name), hasPage: false))
        case .list(let name)?:
            json(envelope(.fields(("type", "array"), ("items", reference(name))), hasPage: true))
        case .text?: .fields(("text/plain", .fields(("schema", text))))
        case .bytes?: .fields(("application/octet-stream", .fields(("schema", .fields()))))
        case .document?: json(.fields(("type", "object")))
        case nil: nil
        }
    }

    private static func json(_ schema: JSONValue) -> JSONValue {
        .fields(("application/json", .fields(("schema", schema))))
    }

    private static func envelope(_ data: JSONValue, hasPage: Bool) -> JSONValue {
        .fields(
            ("type", "object"), ("required", ["data"]),
            ("properties", .fields(("data", data), ("page", hasPage ? reference("Page") : nil))))
    }

    static func reference(_ name: String) -> JSONValue {
        .fields(("$ref", .string("#/components/schemas/\(name)")))
    }

    static let text = JSONValue.fields(("type", "string"))
}
