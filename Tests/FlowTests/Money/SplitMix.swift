/// Numbers that a seed repeats (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A signed amount of any size up to 128 bits: small and large ones alike are frequent.
    mutating func amount() -> Int128 {
        let wide = Int128(truncatingIfNeeded: UInt128(next()) << 64 | UInt128(next()))
        return wide >> Int128(next() % 127)
    }
}
