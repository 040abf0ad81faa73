internal import SagaEngine

/// Events are written one a line as flat JSON objects, each with its `event`, for checkers of any make.
extension PartyEvent {
    /// The line that records the event, without its line end.
    public var line: [UInt8] {
        JSONValue.object(members.map { JSONValue.Member($0.0, $0.1) }).bytes()
    }

    /// Reads a line; `nil` when it records no event.
    public init?(line: [UInt8]) {
        guard let value = SandboxDialect.parsed(line), let event = Self.read(value) else { return nil }
        self = event
    }

    private var members: [(String, JSONValue)] {
        switch self {
        case .opened(let account): [("event", "opened"), ("account", .string(account))]
        case .preloaded(let offering): [("event", "preloaded"), ("offering", .string(offering))]
        case .deposited(let account, let asset, let amount, let reference):
            [
                ("event", "deposited"), ("account", .string(account)), ("asset", .string(asset)),
                ("amount", .string(amount)),
            ] + (reference.map { [("reference", .string($0))] } ?? [])
        case .standing(let account, let standing):
            [("event", "standing"), ("account", .string(account)), ("standing", .string(standing.rawValue))]
        case .attempted(let reference): [("event", "attempted"), ("reference", .string(reference))]
        case .deferred(let reference, let order, let until):
            [("event", "deferred")] + Self.write(reference, order) + [("until", Self.write(until))]
        case .accepted(let reference, let id, let order, let at):
            [("event", "accepted"), ("id", .string(id))] + Self.write(reference, order) + [("at", Self.write(at))]
        case .effect(let effect):
            [("event", "effect"), ("number", .number(JSONNumber(effect.number))), ("id", .string(effect.id))]
                + Self.write(effect.reference, effect.order) + [("at", Self.write(effect.at))]
        case .refused(let reference, let code, let message, let at):
            [
                ("event", "refused"), ("reference", .string(reference)), ("code", .string(code)),
                ("message", .string(message)), ("at", Self.write(at)),
            ]
        case .noticeOwed(let id, let reference, let state, let amount, let at):
            [
                ("event", "notice_owed"), ("id", .string(id)), ("reference", .string(reference)),
                ("state", .string(state.rawValue)), ("amount", amount.map(JSONValue.string) ?? .null),
                ("at", Self.write(at)),
            ]
        case .noticeClosed(let id): [("event", "notice_closed"), ("id", .string(id))]
        }
    }

    private static func write(_ moment: Timestamp) -> JSONValue { .string(RFC3339.text(moment.milliseconds)) }

    private static func write(_ reference: String, _ order: SandboxOrder) -> [(String, JSONValue)] {
        [
            ("reference", .string(reference)), ("operation", .string(order.operation)),
            ("facts", .object(order.facts.pairs.map { JSONValue.Member($0.name, .string($0.value)) })),
        ]
    }
}

extension PartyEvent {
    private static func read(_ value: JSONValue) -> PartyEvent? {
        switch value["event"]?.stringValue {
        case "preloaded": value["offering"]?.stringValue.map { .preloaded(offering: $0) }
        case "opened", "deposited", "standing": readAccount(value)
        case "notice_owed", "notice_closed": readNotice(value)
        case "attempted", "deferred", "accepted", "effect", "refused": readOrder(value)
        case .some, .none: nil
        }
    }

    private static func readAccount(_ value: JSONValue) -> PartyEvent? {
        guard let account = value["account"]?.stringValue else { return nil }
        switch value["event"]?.stringValue {
        case "opened": return .opened(account: account)
        case "deposited":
            guard let asset = value["asset"]?.stringValue, let amount = value["amount"]?.stringValue else { return nil }
            return .deposited(
                account: account, asset: asset, amount: amount, reference: value["reference"]?.stringValue)
        case .some, .none:
            guard let standing = value["standing"]?.stringValue.flatMap(AccountStanding.init) else { return nil }
            return .standing(account: account, standing)
        }
    }

    private static func readNotice(_ value: JSONValue) -> PartyEvent? {
        guard let id = value["id"]?.stringValue else { return nil }
        if value["event"]?.stringValue == "notice_closed" { return .noticeClosed(id: id) }
        guard let reference = value["reference"]?.stringValue, let at = moment(value["at"]),
            let state = value["state"]?.stringValue.flatMap(SandboxRecord.State.init)
        else { return nil }
        return .noticeOwed(id: id, reference: reference, state: state, amount: value["amount"]?.stringValue, at: at)
    }

    private static func readOrder(_ value: JSONValue) -> PartyEvent? {
        guard let reference = value["reference"]?.stringValue else { return nil }
        let order = order(value)
        switch value["event"]?.stringValue {
        case "attempted": return .attempted(reference: reference)
        case "deferred":
            guard let order, let until = moment(value["until"]) else { return nil }
            return .deferred(reference: reference, order, until: until)
        case "accepted":
            guard let order, let id = value["id"]?.stringValue, let at = moment(value["at"]) else { return nil }
            return .accepted(reference: reference, id: id, order, at: at)
        case "effect":
            guard let order, let id = value["id"]?.stringValue, let at = moment(value["at"]),
                let number = value["number"]?.integerValue
            else { return nil }
            return .effect(PartyEffect(number: Int(number), reference: reference, id: id, order: order, at: at))
        case .some, .none:
            guard let code = value["code"]?.stringValue, let message = value["message"]?.stringValue,
                let at = moment(value["at"])
            else { return nil }
            return .refused(reference: reference, code: code, message: message, at: at)
        }
    }

    private static func moment(_ value: JSONValue?) -> Timestamp? {
        value?.stringValue.flatMap { RFC3339.milliseconds($0) }.map(Timestamp.init(milliseconds:))
    }

    private static func order(_ value: JSONValue) -> SandboxOrder? {
        guard let operation = value["operation"]?.stringValue, let members = value["facts"]?.objectValue else {
            return nil
        }
        let facts = members.compactMap { member in member.value.stringValue.map { Facts.Fact(member.name, $0) } }
        return facts.count == members.count ? SandboxOrder(operation: operation, facts: Facts(facts)) : nil
    }
}
