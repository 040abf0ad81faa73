/// What a counterparty answered to the request to send a notice again.
public enum NoticeRequest: Sendable, Equatable {
    /// It will.
    case promised(Exchange)
    /// It could not be asked, or would not.
    case failed(CallFailure, Exchange)
}
