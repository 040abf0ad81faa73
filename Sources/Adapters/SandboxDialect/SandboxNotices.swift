public import SagaEngine

/// Makes notices out of the sandbox's callbacks, once their signature has been verified.
public struct SandboxNotices: Sendable {
    /// The counterparty that the callbacks come from.
    public let source: CounterpartyName

    /// Reads the callbacks of one counterparty.
    public init(source: CounterpartyName) {
        self.source = source
    }

    /// Reads a verified callback.
    ///
    /// - Parameters:
    ///   - id: the verified `webhook-id`.
    ///   - body: the verified bytes.
    ///   - headers: the signed header lines as received, one `name: value` a line.
    /// - Returns: the notice that it is.
    /// - Throws: ``SandboxDialectError`` when the bytes do not speak the dialect.
    public func notice(id: String, body: [UInt8], headers: String) throws(SandboxDialectError) -> Notice {
        let record = try SandboxDialect.record(body)
        let verdict: Notice.Verdict
        switch record.state {
        case .accepted: verdict = .progress(record.message ?? "accepted")
        case .progress: verdict = .progress(record.message ?? "progress")
        case .settled: verdict = .settled
        case .refused:
            verdict = .refused(RefusalReason(code: record.code ?? "refused", message: record.message ?? ""))
        }
        let claim = Notice.Claim(
            reference: record.reference, verdict: verdict, facts: record.order.facts, operation: record.order.operation,
            receiptID: record.id)
        return Notice(source: source, id: id, claim: claim, body: body, headers: headers)
    }
}
