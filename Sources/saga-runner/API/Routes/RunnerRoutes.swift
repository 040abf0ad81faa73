internal import Adapters
internal import SagaEngine

/// Which daemons work on the store.
enum RunnerRoutes {
    static let all: [APIRoute] = [
        APIRoute(
            method: .get, path: "/api/v1/runners", access: .role(.viewer), body: .none,
            summary: "The daemons that work on the store: version, since when, leases, sagas held, last sign of life.",
            handle: list)
    ]

    private static func list(_ call: APICall) async throws -> APIReply {
        let service = call.service
        let sightings = try await service.store.runners()
        guard sightings.isEmpty else { return .data(.array(sightings.map(json))) }
        return .data(.array([json(alone(service))]))
    }

    /// The daemon that has a store alone, as others would see it.
    private static func alone(_ service: Assembly) -> RunnerSighting {
        let now = service.store.clock.now()
        return RunnerSighting(
            identity: service.identity, started: service.started, seen: now, silent: .milliseconds(0), leases: 1,
            held: service.runner.active, leasedUntil: nil)
    }

    /// One of them as JSON.
    static func json(_ sighting: RunnerSighting) -> JSONValue {
        .fields(
            ("name", .string(sighting.identity.name)), ("alive", .bool(sighting.isAlive)),
            ("address", .string(sighting.identity.address)), ("version", .string(sighting.identity.version)),
            ("host", .string(sighting.identity.host)), ("since", .time(sighting.started)),
            ("seen_at", .time(sighting.seen)), ("silent_ms", .count(max(0, sighting.silent.milliseconds))),
            ("leases", .count(sighting.leases)), ("held", .count(sighting.held)),
            ("leased_until", sighting.leasedUntil.map { .time($0) }))
    }
}
