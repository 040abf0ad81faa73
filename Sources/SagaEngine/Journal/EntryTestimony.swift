/// What a journal entry says of things that stand elsewhere too: in its saga's row, in the inbox.
package enum EntryTestimony: Sendable {
    /// The saga ended so.
    case end(SagaStatus, output: [UInt8])
    /// This notice proved an effect with these facts.
    case settled(notice: Int64, id: String, Facts)
    /// The counterparty refused, in this notice if in any.
    case refused(notice: Int64?, RefusalReason)
    case other

    /// Reads an entry's body.
    ///
    /// - Throws: ``CodecError`` when the body is none of its kind.
    package init(_ kind: EntryKind, _ body: [UInt8]) throws(CodecError) {
        let decoder = JournalDecoder()
        switch kind {
        case .outcome:
            let outcome = try decoder.decode(OutcomeBody.self, from: body)
            self = .end(outcome.status, output: Array(outcome.output.utf8))
        case .notice:
            let notice = try decoder.decode(NoticeBody.self, from: body)
            self = .settled(notice: notice.number, id: notice.id, notice.facts)
        case .refused:
            let refused = try decoder.decode(RefusedBody.self, from: body)
            self = .refused(notice: refused.notice, refused.reason)
        case .intent, .attempt, .receipt, .found, .resolved, .value, .slept, .posted, .spawned, .barrier, .pivot,
            .stuck, .action:
            self = .other
        }
    }
}
