/// Where jitter and identifiers come from, so that a seed repeats a run.
public protocol Entropy: Sendable {
    /// Sixty-four random bits.
    func next() -> UInt64
}

extension Entropy {
    /// A number in `0 ..< bound`; zero when the bound is zero.
    public func below(_ bound: UInt64) -> UInt64 {
        bound == 0 ? 0 : next() % bound
    }
}
