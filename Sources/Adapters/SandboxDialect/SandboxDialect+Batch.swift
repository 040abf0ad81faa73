internal import SagaEngine

/// Batches of the chain: an array of records out, an array of outcomes back, each naming its reference.
extension SandboxDialect {
    /// The body of a batch made of requests' bodies, which go in byte for byte.
    static func batch(_ requests: [[UInt8]]) -> [UInt8] {
        var body = Array(#"{"records":["#.utf8)
        for (index, request) in requests.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += request
        }
        return body + Array("]}".utf8)
    }

    /// Reads a batch.
    public static func batch(
        _ body: [UInt8]
    ) throws(SandboxDialectError) -> [(reference: String, order: SandboxOrder)] {
        guard let records = try parse(body)["records"]?.arrayValue else {
            throw SandboxDialectError(.missing, "records")
        }
        guard (1...batchLimit).contains(records.count) else { throw SandboxDialectError(.unknownValue, "records") }
        var orders: [(reference: String, order: SandboxOrder)] = []
        for record in records { orders.append(try order(record)) }
        guard Set(orders.map { ByteText($0.reference) }).count == orders.count else {
            throw SandboxDialectError(.unknownValue, "reference")
        }
        return orders
    }

    /// The body that answers a batch.
    public static func outcomes(_ answers: [(reference: String, answer: SandboxAnswer)]) -> [UInt8] {
        let outcomes = answers.map { reference, answer in
            var members: [JSONValue.Member] = [
                .init("reference", .string(reference)), .init("status", .number(JSONNumber(answer.status))),
            ]
            if let delay = answer.retryAfter {
                members.append(.init("retry_after", .number(JSONNumber((delay.milliseconds + 999) / 1_000))))
            }
            if let document = parsed(answer.body) { members.append(.init("document", document)) }
            return JSONValue.object(members)
        }
        return JSONValue.object([.init("outcomes", .array(outcomes))]).bytes()
    }

    /// What the answer to a batch says about each of its references; one that it does not name once is uncertain.
    static func outcomes(of exchange: SandboxExchange, for references: [String]) -> [SandboxExchange] {
        guard case .answered(let answer) = exchange, answer.status == 200 else {
            return references.map { _ in exchange }
        }
        let uncertain = SandboxExchange.uncertain(code: "bad_answer", latency: answer.latency)
        guard let outcomes = parsed(answer.body)?["outcomes"]?.arrayValue else {
            return references.map { _ in uncertain }
        }
        var byReference: [ByteText: SandboxExchange] = [:]
        for outcome in outcomes {
            guard let reference = outcome["reference"]?.stringValue.map({ ByteText($0) }) else { continue }
            // A reference that is answered twice is answered by nobody.
            byReference[reference] =
                byReference[reference] == nil ? read(outcome, answer.latency) ?? uncertain : uncertain
        }
        return references.map { byReference[ByteText($0)] ?? uncertain }
    }

    private static func read(_ outcome: JSONValue, _ latency: Span) -> SandboxExchange? {
        guard let status = outcome["status"]?.integerValue, (100...599).contains(status) else { return nil }
        let retryAfter = outcome["retry_after"]?.integerValue.map { Span.seconds(min(max($0, 0), 86_400)) }
        return .answered(
            SandboxAnswer(
                status: Int(status), retryAfter: retryAfter, body: outcome["document"]?.bytes() ?? [],
                latency: latency))
    }
}
