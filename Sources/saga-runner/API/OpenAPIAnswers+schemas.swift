internal import SagaEngine

extension OpenAPIAnswers {
    /// The named schemas. A `?` behind a name says that the member may be missing.
    static let schemas: [JSONValue.Member] =
        [
            object("Page", [("offset", whole), ("limit", whole), ("total?", whole)]),
            object("Exposure", [("asset", text), ("amount", text)]),
            object("Mismatch", [("name", text), ("expected", text), ("actual?", text)]),
            object(
                "Predicament",
                [
                    ("cause", text), ("stage", text), ("message", text), ("since", time), ("until?", time),
                    ("attempts", whole), ("mismatches", list("Mismatch")), ("notice?", whole), ("awaits?", text),
                ]),
            object("Saga", saga + [("stuck_below?", whole)]),
            object(
                "SagaDetail",
                saga + [
                    ("stuck_below", whole), ("stages", list("Stage")), ("census", reference("Census")),
                    ("conflicts", list("Notice")), ("troubles", list("Counterparty")), ("actions", texts),
                    ("exclusion?", text),
                    ("needs_second_person", texts),
                    ("prints", list("Print")), ("stuck_children", list("Saga")), ("input", anything),
                ]),
            object(
                "Stage",
                [
                    ("name", text), ("progress", text), ("key?", text), ("counterparty?", text), ("reference?", text),
                    ("receipt?", text), ("failures", whole), ("last_failure?", text),
                    ("last_failed_at?", time), ("resolution?", reference("Resolution")),
                    ("refusal?", reference("Refusal")),
                    ("facts?", map), ("children?", whole),
                ]),
            object("Resolution", [("outcome", text), ("actor", text), ("word?", text), ("counterparty?", text)]),
            object("Refusal", [("code", text), ("message", text)]),
            object("Census", [("counts", map), ("exposures", list("Exposure"))]),
            object(
                "Entry",
                [
                    ("sequence", whole), ("stage", text), ("kind", text), ("refusals", whole), ("at", time),
                    ("link", text),
                    ("body", anything),
                ]),
            object(
                "Notice",
                [
                    ("number", whole), ("source", text), ("id", text), ("saga?", text), ("reference", text),
                    ("verdict", text), ("refusal?", reference("Refusal")), ("progress?", text), ("operation?", text),
                    ("receipt?", text), ("facts", map), ("standing", text), ("received_at", time),
                    ("body_sha256?", text),
                    ("body?", text), ("body_base64?", text),
                ]),
            object(
                "Print",
                [
                    ("number", whole), ("at", time), ("actor", text), ("role", text), ("action", text), ("saga?", text),
                    ("reason", text), ("version?", whole), ("outcome", text), ("detail", text),
                ]),
            object(
                "BookLine",
                [("number", whole), ("key", text), ("saga", text), ("stage", text), ("at", time), ("set", anything)]),
        ] + doings + ofTheDaemon

    /// What is answered when something was done.
    private static let doings: [JSONValue.Member] = [
        object("Stored", [("stored", truth)]),
        object("LoadedPart", [("part", text), ("rows", whole), ("digest", text)]),
        object("Submitted", [("saga", text), ("created", truth), ("input_digest?", text), ("same_token_as?", text)]),
        object("SealedOffering", [("offering", map), ("input_digest", text)]),
        object("Acted", [("id", text), ("version", whole), ("evidence?", text), ("message", text)]),
        object(
            "Bulk",
            [
                ("count?", whole), ("set?", text), ("sagas?", .fields(("type", "array"), ("items", map))),
                ("exposures?", list("Exposure")), ("done?", whole), ("refused?", whole),
                ("outcomes?", .fields(("type", "array"), ("items", map))),
            ]),
        object("NoticeStanding", [("number", whole), ("standing?", text), ("saga?", text)]),
        object("Switch", [("name", text), ("switched_off", truth)]),
    ]

    private static let ofTheDaemon: [JSONValue.Member] = [
        object(
            "Version",
            [
                ("version", text), ("incarnation", map), ("single_handed", truth),
                ("flows", .fields(("type", "array"), ("items", map))),
            ]),
        object(
            "Counterparty",
            [
                ("name", text), ("switched_off", truth), ("switched_off_why?", text), ("breaker_open", truth),
                ("breaker_opened_by?", text),
                ("failures", whole), ("failing_since?", time), ("last_code?", text), ("closed_until?", time),
                ("under_way", whole), ("waiting", whole), ("refused_callbacks?", map), ("terms", map),
            ]),
        object(
            "Runner",
            [
                ("name", text), ("alive", truth), ("address", text), ("version", text), ("host", text), ("since", time),
                ("seen_at", time), ("silent_ms", whole), ("leases", whole), ("held", whole), ("leased_until?", time),
            ]),
        object(
            "Schedule",
            [
                ("name", text), ("standing", text), ("cron", text), ("zone", text), ("flow", text), ("catch_up", text),
                ("grace_ms", whole), ("since?", time), ("next_at?", time), ("next_moment?", text), ("last_at?", time),
                ("last_moment?", text), ("last_saga?", text), ("last_state?", text), ("last_detail?", text),
            ]),
        object("Seal", [("store", text), ("seal", whole), ("at", time), ("link", text)]),
        object(
            "AuditReport",
            [
                ("ok", truth), ("entries", whole), ("prints", whole), ("seals", whole), ("sagas", whole),
                ("head", reference("Seal")), ("fault?", map), ("anchor?", map),
            ]),
    ]

    private static let saga: [(String, JSONValue)] = [
        ("id", text), ("flow", text), ("status", text), ("version", whole), ("pivoted", truth),
        ("predicament?", reference("Predicament")), ("exposures", list("Exposure")), ("parent?", text),
        ("stage?", text), ("element?", text), ("wake_at?", time), ("open_children", whole), ("created_at", time),
        ("updated_at", time), ("output?", anything),
    ]

    private static let whole = JSONValue.fields(("type", "integer"))
    private static let truth = JSONValue.fields(("type", "boolean"))
    private static let time = JSONValue.fields(("type", "string"), ("format", "date-time"))
    private static let map = JSONValue.fields(("type", "object"))
    private static let texts = JSONValue.fields(("type", "array"), ("items", text))
    private static let anything = JSONValue.fields()

    private static func list(_ name: String) -> JSONValue {
        .fields(("type", "array"), ("items", reference(name)))
    }

    private static func object(_ name: String, _ members: [(String, JSONValue)]) -> JSONValue.Member {
        func plain(_ name: String) -> String { name.hasSuffix("?") ? String(name.dropLast()) : name }
        let required = members.filter { !$0.0.hasSuffix("?") }.map { JSONValue.string($0.0) }
        return JSONValue.Member(
            name,
            .fields(
                ("type", "object"), ("required", .array(required)),
                ("properties", .object(members.map { .init(plain($0.0), $0.1) })), ("additionalProperties", false)))
    }
}
