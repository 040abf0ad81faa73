public import SagaEngine

/// The system's randomness, for jitter and identifiers.
public struct SystemEntropy: Entropy {
    /// Makes a source.
    public init() {}

    /// Sixty-four random bits.
    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
