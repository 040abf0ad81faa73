internal import Adapters
internal import SagaEngine

/// The OpenAPI 3.1 document, made from the table of routes.
enum OpenAPI {
    /// Where it is served.
    static let path = "/api/v1/openapi.json"

    /// The document that describes the routes.
    static func document(of routes: [APIRoute]) -> JSONValue {
        var paths: [(String, [APIRoute])] = []
        for route in routes {
            if let index = paths.firstIndex(where: { $0.0 == route.path }) {
                paths[index].1.append(route)
            } else {
                paths.append((route.path, [route]))
            }
        }
        let described = paths.map { path, routes in
            JSONValue.Member(
                path, .object(routes.map { .init($0.method.rawValue.lowercased(), operation($0)) }))
        }
        return .fields(
            ("openapi", "3.1.0"),
            (
                "info",
                .fields(
                    ("title", "saga-runner"), ("version", .string(Version.text)),
                    ("summary", "Settles offerings of tokenised property, durably."))
            ), ("paths", .object(described)),
            (
                "components",
                .fields(
                    (
                        "securitySchemes",
                        .fields(("token", .fields(("type", "http"), ("scheme", "bearer"))))
                    ), ("schemas", schemas))
            ))
    }

    private static func operation(_ route: APIRoute) -> JSONValue {
        .fields(
            ("summary", .string(route.summary)), ("operationId", .string(name(of: route))),
            ("parameters", .array(parameters(of: route))), ("requestBody", requestBody(of: route)),
            ("responses", responses(of: route)), ("security", security(of: route)), ("x-role", role(of: route)))
    }

    private static func name(of route: APIRoute) -> String {
        let words = route.path.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return ([route.method.rawValue.lowercased()] + words).joined(separator: "_")
    }

    private static func parameters(of route: APIRoute) -> [JSONValue] {
        let inPath = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            parameter(String(part.dropFirst().dropLast()), in: "path", isRequired: true)
        }
        let inQuery = route.query.map { parameter($0, in: "query", isRequired: false) }
        let key = route.isIdempotent ? [parameter("Idempotency-Key", in: "header", isRequired: false)] : []
        return inPath + inQuery + key
    }

    private static func parameter(_ name: String, in place: String, isRequired: Bool) -> JSONValue {
        .fields(
            ("name", .string(name)), ("in", .string(place)), ("required", .bool(isRequired)),
            ("schema", .fields(("type", "string"))))
    }

    private static func requestBody(of route: APIRoute) -> JSONValue? {
        let content: (String, JSONValue)
        switch route.body {
        case .none: return nil
        case .json:
            let members = route.members.map { JSONValue.Member($0, .fields()) }
            content = (
                "application/json",
                .fields(("type", "object"), ("properties", .object(members)), ("additionalProperties", false))
            )
        case .csv: content = ("text/csv", .fields(("type", "string")))
        case .raw: content = ("application/octet-stream", .fields())
        }
        return .fields(("content", .fields((content.0, .fields(("schema", content.1))))))
    }

    private static func responses(of route: APIRoute) -> JSONValue {
        let failure = JSONValue.fields(
            ("description", "The request was not carried out; error.code says why."),
            (
                "content",
                .fields(
                    ("application/json", .fields(("schema", .fields(("$ref", "#/components/schemas/Failure"))))))
            ))
        let content = OpenAPIAnswers.content(of: route)
        var replies = [("\(route.success)", JSONValue.fields(("description", "Done."), ("content", content)))]
        if route.success == 201 {
            replies.append(("200", .fields(("description", "It was there already."), ("content", content))))
        }
        return .object(replies.map { .init($0.0, $0.1) } + [.init("default", failure)])
    }

    private static func security(of route: APIRoute) -> JSONValue {
        if case .role = route.access { return [.fields(("token", []))] }
        return []
    }

    private static func role(of route: APIRoute) -> JSONValue? {
        if case .role(let role) = route.access { return .string(role.rawValue) }
        return nil
    }

    private static var schemas: JSONValue {
        let text = JSONValue.fields(("type", "string"))
        let error = JSONValue.fields(
            ("type", "object"), ("required", ["code", "message", "request_id"]),
            (
                "properties",
                .fields(
                    ("code", text), ("message", text), ("details", .fields(("type", "object"))), ("request_id", text))
            ))
        return JSONValue.fields(
            (
                "Failure",
                .fields(("type", "object"), ("required", ["error"]), ("properties", .fields(("error", error))))
            )
        ).adding(members: OpenAPIAnswers.schemas)
    }
}
