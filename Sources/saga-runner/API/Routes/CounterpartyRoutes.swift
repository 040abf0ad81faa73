internal import Adapters
internal import SagaEngine

/// How the gate stands towards each counterparty, and its switch.
enum CounterpartyRoutes {
    static let all: [APIRoute] = [
        APIRoute(
            method: .get, path: "/api/v1/counterparties", access: .role(.viewer), body: .none,
            summary: "Each counterparty: its terms, its switch, its breaker, the calls under way.", handle: list),
        APIRoute(
            method: .post, path: "/api/v1/counterparties/{name}/switch", access: .role(.operator),
            body: .json(limit: APIRoute.usualBody),
            summary: "Lets no call through to a counterparty any more, or lets them through again.",
            members: ["off", "reason"], handle: turn),
    ]

    private static func list(_ call: APICall) async throws -> APIReply { .data(.array(all(of: call.service))) }

    /// Those that do not answer, or whose callbacks are not believed.
    static func troubles(of service: Assembly) -> [JSONValue] {
        all(of: service).filter { !CounterpartyReport.isWell($0) }
    }

    private static func all(of service: Assembly) -> [JSONValue] {
        let standing = service.gate.standing
        let now = service.store.clock.now()
        return service.config.counterparties.map { party in
            describe(
                party, standing.first { $0.counterparty == party.name },
                service.intake.refused[party.name.rawValue], at: now)
        }
    }

    private static func describe(
        _ party: RunnerConfig.Party, _ standing: GateStanding?, _ refused: RefusedCallbacks.Run?, at now: Timestamp
    ) -> JSONValue {
        let retention =
            switch party.terms.keyRetention {
            case .forever: "forever"
            case .none: "none"
            case .lasting(let span): ConfigSpan.text(span)
            }
        return .fields(
            ("name", .string(party.name.rawValue)), ("switched_off", .bool(standing?.isSwitchedOff ?? false)),
            ("switched_off_why", standing?.switchedOffWhy.map { .string($0) }),
            ("breaker_open", .bool(standing?.isBreakerOpen ?? false)),
            ("breaker_opened_by", standing?.openedBy.map { .string($0) }),
            ("failures", .count(standing?.failures ?? 0)),
            ("failing_since", standing?.failingSince.map { .time($0) }),
            ("last_code", standing?.lastCode.map { .string($0) }),
            ("closed_until", standing?.closedUntil.flatMap { $0 > now ? .time($0) : nil }),
            ("under_way", .count(standing?.underWay ?? 0)),
            ("waiting", .count(standing?.waiting ?? 0)),
            (
                "refused_callbacks",
                refused.map {
                    .fields(
                        ("count", .count($0.count)), ("last_code", .string($0.last.verdict.code)),
                        ("last_at", .time($0.lastAt)), ("remedy", .string($0.last.remedy)))
                }
            ),
            (
                "terms",
                .fields(
                    ("quiet_time_ms", .count(party.terms.quietTime.milliseconds)),
                    ("key_retention", .string(retention)),
                    ("settlement", .string(party.terms.settlement.rawValue)),
                    ("instructions", .array(party.terms.instructions.sorted().map { .string($0) })))
            ))
    }

    private static func turn(_ call: APICall) async throws -> APIReply {
        let body = try APIBody(call.request, members: ["off", "reason"])
        guard let off = try body.flag("off") else { throw APIFault.invalid("off is missing: true or false") }
        let reason = try body.reason()
        let text = call.parameter("name")
        guard let party = call.service.config.counterparties.first(where: { $0.name.rawValue == text }) else {
            let names = call.service.config.counterparties.map(\.name.rawValue)
            throw APIFault.notFound("counterparty", text, among: names)
        }
        let why = "\(call.actor.name), \(call.service.store.clock.now().rfc3339): \(reason)"
        let notes = call.service.notes
        try await call.service.gate.turn(party.name, off: off, why: why) {
            if off { try await notes.set(SwitchNote.reasonPrefix + text, to: why) }
            try await notes.set(SwitchNote.prefix + text, to: off ? SwitchNote.off : SwitchNote.on)
        }
        try await call.service.operations.print(
            off ? "switch-off" : "switch-on", by: call.actor, on: nil, reason: reason, outcome: "done", detail: text)
        call.service.runner.wake()
        return .data(.fields(("name", .string(text)), ("switched_off", .bool(off))))
    }
}
