/// Care for a counterparty: who may call now, and who comes back later. Asked right before each call.
public protocol Gatekeeper: Sendable {
    /// Waits for a free place if one is soon to be had, or says when to come back.
    func enter(_ call: GateCall) async -> Admission

    /// Gives the place back and tells how the call went.
    func leave(_ call: GateCall, outcome: CallOutcome) async

    /// Takes room for an amount that is about to be at stake, if the limit on money in flight leaves any.
    func reserve(_ exposure: Exposure) -> Admission

    /// Gives room back (negative), or takes some without asking.
    func adjust(_ asset: String, by amount: Int128)

    /// Counts what is at stake anew, as the store knows it: when a runner starts, and after it has forgotten what it
    /// held.
    func recount(_ exposures: [Exposure])
}
