/// Lets everybody through.
public struct OpenGate: Gatekeeper {
    /// Makes a gate without limits.
    public init() {}

    /// Lets the call through.
    public func enter(_ call: GateCall) async -> Admission { .granted }

    /// Takes no note.
    public func leave(_ call: GateCall, outcome: CallOutcome) async {}

    /// Sets no limit.
    public func reserve(_ exposure: Exposure) -> Admission { .granted }

    /// Takes no note.
    public func adjust(_ asset: String, by amount: Int128) {}

    /// Takes no note.
    public func recount(_ exposures: [Exposure]) {}
}
