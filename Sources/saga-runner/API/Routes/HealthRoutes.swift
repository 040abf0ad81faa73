internal import Adapters
internal import SagaEngine

/// Liveness, readiness, metrics, and what this daemon is.
enum HealthRoutes {
    /// Metrics are open on loopback alone; elsewhere they need a token.
    static func all(_ config: RunnerConfig) -> [APIRoute] {
        probes(metrics: config.api.isLoopback ? .open : .role(.viewer)) + about
    }

    private static func probes(metrics: APIRoute.Access) -> [APIRoute] {
        [
            APIRoute(
                method: .get, path: "/healthz", access: .open, body: .none,
                summary: "Whether the process is alive; says nothing about the store.",
                handle: { _ in .raw(.text(200, "alive\n")) }),
            APIRoute(
                method: .get, path: "/readyz", access: .open, body: .none,
                summary: "Whether work is being done: the store is open and the last commit went through.",
                handle: { call in .raw(try await readiness(call)) }),
            APIRoute(
                method: .get, path: "/metrics", access: metrics, body: .none,
                summary: "Metrics in Prometheus' text format.",
                handle: { call in .raw(await MetricsPage(service: call.service).response()) }),
        ]
    }

    private static let about: [APIRoute] = [
        APIRoute(
            method: .get, path: OpenAPI.path, access: .open, body: .none, summary: "This document.",
            handle: { _ in .raw(.json(200, [])) }),
        APIRoute(
            method: .get, path: "/api/v1/version", access: .role(.viewer), body: .none,
            summary: "The program's version, its flows, and which life of the data this is.", handle: version),
        APIRoute(
            method: .get, path: "/api/v1/summary", access: .role(.viewer), body: .none,
            summary: "How many sagas stand where, and all that is at stake.",
            handle: { call in .data(SagaJSON.census(try await call.service.store.census(under: nil))) }),
    ]

    /// Liveness and readiness answer even before the store is open.
    static func answerWithoutParts(_ route: APIRoute, _ desk: ServiceDesk) -> HTTPServerResponse? {
        switch route.path {
        case "/healthz": .text(200, "alive\n")
        case "/readyz" where desk.parts == nil: .text(503, "starting or stopping\n")
        default: nil
        }
    }

    private static func readiness(_ call: APICall) async throws -> HTTPServerResponse {
        if let trouble = call.service.observer.storeTrouble {
            return .text(503, "the store cannot be written: \(trouble.code.rawValue)\n")
        }
        do {
            _ = try await call.service.store.incarnation()
            return .text(200, "ready\n")
        } catch {
            return .text(503, "the store cannot be read\n")
        }
    }

    private static func version(_ call: APICall) async throws -> APIReply {
        let life = try await call.service.store.incarnation()
        let flows = call.service.registry.all.map { flow in
            JSONValue.fields(
                ("name", .string(flow.name)), ("version", .count(flow.version)),
                (
                    "stages",
                    .array((call.service.registry.stages(of: flow) ?? []).map { .string($0.rawValue) })
                ))
        }
        return .data(
            .fields(
                ("version", .string(Version.text)),
                ("incarnation", .fields(("number", .count(life.number)), ("since", .time(life.since)))),
                ("single_handed", .bool(call.service.config.singleHanded)), ("flows", .array(flows))))
    }
}
