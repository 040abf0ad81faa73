/// A party outside our walls that can be told to do something, and asked whether it did.
///
/// There is no way to deliver without being able to `find`: the engine asks before it sends again. Adapters implement
/// this; flows never see it. Every method reports what happened as a value: none throws, so that no failure can be
/// mistaken for another.
public protocol Counterparty: Sendable {
    /// What this party promises, as data; read once, when a runner is made.
    var terms: CounterpartyTerms { get }

    /// Turns an instruction into the exact bytes to be sent. Pure: the same instruction and key give the same bytes.
    func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest

    /// Sends the request once.
    func deliver(_ request: WireRequest) async -> Delivery

    /// Asks what became of the request's key.
    func find(_ request: WireRequest) async -> Finding

    /// Asks for the notice about this request to be sent again.
    func requestNotice(for request: WireRequest) async -> NoticeRequest
}
