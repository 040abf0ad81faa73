/// A way in which a counterparty misbehaves on demand.
public enum FaultKind: String, Sendable, CaseIterable, Codable {
    /// The answer takes long.
    case slow
    /// A 5xx, and nothing was applied.
    case errorBefore = "error_before"
    /// A 5xx, although the order was applied.
    case errorAfter = "error_after"
    /// The order was applied and the connection is closed without an answer.
    case cut
    /// The connection is closed; the order is applied later, within the declared quiet time.
    case appliedLate = "applied_late"
    /// A 429 with `Retry-After`; nothing was looked at.
    case rateLimited = "rate_limited"
    /// The order was applied and the answer is no JSON.
    case malformed
    /// The order was applied and the answer is larger than anybody should read.
    case oversized
    /// The order is taken in and refused afterwards.
    case refusedLater = "refused_later"
    /// The notice comes before the answer to the order.
    case noticeEarly = "notice_early"
    /// The notice comes twice under one id.
    case noticeDoubled = "notice_doubled"
    /// The notice comes again under a new id.
    case noticeRepeated = "notice_repeated"
    /// A notice of progress comes after the final one.
    case noticeReordered = "notice_reordered"
    /// The notice comes in a chunked body.
    case noticeChunked = "notice_chunked"
    /// The notice does not come until it is asked for.
    case noticeLost = "notice_lost"
    /// The notice comes late.
    case noticeLate = "notice_late"
    /// A copy with a bad signature and another amount comes before the genuine notice.
    case noticeForged = "notice_forged"
    /// The notice is genuine and states another amount; asked again, the counterparty states the right one.
    case noticeWrongAmount = "notice_wrong_amount"
    /// What is known by reference is not listed yet.
    case listingLags = "listing_lags"

    /// The verbs that the fault can strike.
    public var verbs: Set<CallVerb> {
        switch self {
        case .slow, .errorBefore, .rateLimited, .malformed, .oversized, .cut: [.deliver, .find, .resend, .list]
        case .errorAfter, .appliedLate: [.deliver]
        case .refusedLater: [.outcome]
        case .noticeEarly, .noticeDoubled, .noticeRepeated, .noticeReordered, .noticeChunked, .noticeLost, .noticeLate,
            .noticeForged, .noticeWrongAmount:
            [.notice]
        case .listingLags: [.list]
        }
    }

    /// Whether the fault ends by itself: retries, `find` and resending get over it without a person.
    public var healsItself: Bool { self != .refusedLater && self != .noticeWrongAmount }
}
