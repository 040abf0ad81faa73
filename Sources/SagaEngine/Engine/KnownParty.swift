/// A counterparty with its terms and policies, looked up once: every stage that sends or waits reads them.
final class KnownParty: Sendable {
    let port: any Counterparty
    let terms: CounterpartyTerms
    /// What calls are tried again by.
    let calls: RetryPolicy
    /// What notices are waited for by.
    let notices: NoticePolicy

    init(_ port: any Counterparty, policies: EnginePolicies) {
        self.port = port
        terms = port.terms
        calls = policies.call(terms.name)
        notices = policies.notice(terms.name)
    }
}
