internal import SagaEngine

/// Reads and writes the sandbox's JSON; the same value always gives the same bytes.
///
/// Every document is a flat object of strings, described in `docs/reference/sandbox-openapi.yaml`.
public enum SandboxDialect {
    /// The largest document that is read, in bytes.
    public static let documentLimit = 64 * 1_024
    /// The most orders one batch may carry.
    public static let batchLimit = 500
    private static let limits = CodecLimits(maxBytes: 1_024 * 1_024, maxDepth: 8)

    /// The body that asks for an order.
    public static func request(_ order: SandboxOrder, reference: String) -> [UInt8] {
        JSONValue.object(members(reference, order)).bytes()
    }

    /// Reads a request's body.
    public static func order(_ body: [UInt8]) throws(SandboxDialectError) -> (reference: String, order: SandboxOrder) {
        try order(parse(body))
    }

    /// The body of an answer or a notice.
    public static func document(_ record: SandboxRecord) -> [UInt8] {
        value(record).bytes()
    }

    /// The body of the answer to money that a person pays in.
    static func document(_ deposit: PartyBook.Deposit, reference: String) -> [UInt8] {
        JSONValue.object([
            .init("reference", .string(reference)), .init("account", .string(deposit.account)),
            .init("asset", .string(deposit.asset)), .init("amount", .string(deposit.amount)),
        ]).bytes()
    }

    /// Reads an answer or a notice.
    public static func record(_ body: [UInt8]) throws(SandboxDialectError) -> SandboxRecord {
        try record(parse(body))
    }

    /// The body of an error that says nothing about what became of an order.
    public static func failure(code: String, message: String, reference: String?) -> [UInt8] {
        var members: [JSONValue.Member] = [
            .init("error", .object([.init("code", .string(code)), .init("message", .string(message))]))
        ]
        if let reference { members.append(.init("reference", .string(reference))) }
        return JSONValue.object(members).bytes()
    }

    /// The code and the reference of an error's body; `nil` when it is no such body.
    public static func failure(_ body: [UInt8]) -> (code: String, reference: String?)? {
        guard let value = Self.parsed(body), let code = value["error"]?["code"]?.stringValue else { return nil }
        return (code, value["reference"]?.stringValue)
    }
}

extension SandboxDialect {
    private static let shownInEvidence: Set<String> = [
        "reference", "id", "state", "operation", "asset", "amount", "code", "occurred_at", "error",
    ]

    /// An answer fit to be kept as evidence: accounts and everything unknown are struck out.
    static func redacted(_ body: [UInt8]) -> String {
        guard body.count <= documentLimit, let members = parsed(body)?.objectValue else {
            return "(\(body.count) bytes that are not of the dialect)"
        }
        let shown = members.map { member in
            shownInEvidence.contains(member.name) ? member : JSONValue.Member(member.name, "***")
        }
        return JSONValue.object(shown).text()
    }

    static func parsed(_ body: [UInt8]) -> JSONValue? {
        do { return try JSONValue.parse(body, limits: limits) } catch { return nil }
    }

    static func parse(_ body: [UInt8]) throws(SandboxDialectError) -> JSONValue {
        guard let value = parsed(body) else { throw SandboxDialectError(.notJSON) }
        return value
    }

    static func members(_ reference: String, _ order: SandboxOrder) -> [JSONValue.Member] {
        [.init("reference", .string(reference)), .init("operation", .string(order.operation))]
            + order.facts.pairs.map { .init($0.name, .string($0.value)) }
    }

    static func value(_ record: SandboxRecord) -> JSONValue {
        var members = members(record.reference, record.order)
        members.append(.init("id", .string(record.id)))
        members.append(.init("state", .string(record.state.rawValue)))
        if let code = record.code { members.append(.init("code", .string(code))) }
        if let message = record.message { members.append(.init("message", .string(message))) }
        members.append(.init("occurred_at", .string(RFC3339.text(record.occurredAt.milliseconds))))
        return .object(members)
    }

    static func order(
        _ value: JSONValue
    ) throws(SandboxDialectError) -> (reference: String, order: SandboxOrder) {
        guard let members = value.objectValue else { throw SandboxDialectError(.notAnObject) }
        let reference = try text("reference", of: value)
        guard SandboxReference.isReference(reference) else { throw SandboxDialectError(.unknownValue, "reference") }
        let operation = try text("operation", of: value)
        var facts: [Facts.Fact] = []
        for member in members where !SandboxOrder.reservedNames.contains(member.name) {
            guard let text = member.value.stringValue else { throw SandboxDialectError(.unknownValue, member.name) }
            facts.append(Facts.Fact(member.name, text))
        }
        return (reference, SandboxOrder(operation: operation, facts: Facts(facts)))
    }

    static func record(_ value: JSONValue) throws(SandboxDialectError) -> SandboxRecord {
        let (reference, order) = try order(value)
        guard let state = SandboxRecord.State(rawValue: try text("state", of: value)) else {
            throw SandboxDialectError(.unknownValue, "state")
        }
        guard let occurredAt = RFC3339.milliseconds(try text("occurred_at", of: value)) else {
            throw SandboxDialectError(.unknownValue, "occurred_at")
        }
        let code = value["code"]?.stringValue
        if state == .refused, code == nil { throw SandboxDialectError(.missing, "code") }
        return SandboxRecord(
            reference: reference, id: try text("id", of: value), state: state, order: order, code: code,
            message: value["message"]?.stringValue, occurredAt: Timestamp(milliseconds: occurredAt))
    }

    private static func text(_ name: String, of value: JSONValue) throws(SandboxDialectError) -> String {
        guard let text = value[name]?.stringValue, !text.isEmpty, text.utf8.count <= SandboxOrder.textLimit else {
            throw SandboxDialectError(.missing, name)
        }
        return text
    }
}
