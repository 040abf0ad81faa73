internal import Adapters
internal import SagaEngine

/// Every route of the daemon, in one table.
enum APITable {
    /// All routes, in the order they are described.
    static func routes(_ config: RunnerConfig) -> [APIRoute] {
        HealthRoutes.all(config) + WebhookRoutes.all(config) + OfferingRoutes.all + SagaRoutes.all + ActionRoutes.all
            + NoticeRoutes.all + CounterpartyRoutes.all + RunnerRoutes.all + ScheduleRoutes.all + AuditRoutes.all
    }

    /// A router over the table.
    static func router(config: RunnerConfig, desk: ServiceDesk, logger: Logger) -> Router {
        var router = Router()
        let routes = routes(config)
        let document = OpenAPI.document(of: routes).bytes()
        let keys = APIKeys()
        for route in routes {
            let door = APIDoor(
                route: route, desk: desk, tokens: config.api.tokens, logger: logger, document: document, keys: keys)
            router.on(route.method, route.path, options: options(route, door, config)) { await door.answer($0) }
        }
        return router
    }

    private static func options(_ route: APIRoute, _ door: APIDoor, _ config: RunnerConfig) -> HTTPRouteOptions {
        var options = HTTPRouteOptions()
        switch route.body {
        case .none: options.body = .whole(limit: 64 << 10)
        case .json(let limit), .raw(let limit): options.body = .whole(limit: limit)
        case .csv:
            options.body = .streamed(limit: config.api.uploadLimit)
            options.requestDeadline = .seconds(3_600)
        }
        if route.access != .open { options.admission = { door.refusal(of: $0) } }
        if route.access == .signed {
            options.oneRequestPerConnection = true
            options.requestDeadline = .seconds(10)
            // Callbacks have places of their own: no upload, and nobody unknown, can keep them out.
            options.isReserved = true
        }
        return options
    }
}
