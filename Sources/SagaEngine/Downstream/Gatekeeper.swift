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

    /// Whether it counts by itself what is at stake, and wants to be told by ``recount(_:)``.
    var countsStakes: Bool { get }

    /// Tries to get room for an amount from what is shared with others; whether it is worth reserving again.
    func makeRoom(for exposure: Exposure) async -> Bool

    /// The store has answered about orders that room was reserved for: it has them, or never will.
    ///
    /// What it has not answered about stays reserved until there is another lease.
    func settle(_ reserved: [Exposure])

    /// Everything is reserved under this lease from now on; it may be the same as before, prolonged.
    func work(under lease: Lease)
}

extension Gatekeeper {
    /// It does.
    public var countsStakes: Bool { true }

    /// There is nothing shared.
    public func makeRoom(for exposure: Exposure) async -> Bool { false }

    /// Takes no note.
    public func settle(_ reserved: [Exposure]) {}

    /// Takes no note.
    public func work(under lease: Lease) {}
}
