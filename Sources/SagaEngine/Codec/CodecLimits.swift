/// How much JSON is taken or made at most; input past a limit is refused, never cut.
public struct CodecLimits: Sendable, Hashable {
    /// 4 MiB and 64 levels: room for an instruction and its evidence, too little to hurt the process.
    public static let standard = CodecLimits(maxBytes: 4 << 20, maxDepth: 64)

    /// The longest text, in bytes.
    public let maxBytes: Int
    /// The deepest nesting of objects and arrays, in levels; a lone number has none.
    public let maxDepth: Int

    /// Limits of one's own; the ceilings keep offsets in 32 bits and recursion on the stack.
    ///
    /// - Parameters:
    ///   - maxBytes: the longest text in bytes, 1 to 1 GiB.
    ///   - maxDepth: the deepest nesting in levels, 1 to 256.
    public init(maxBytes: Int, maxDepth: Int) {
        precondition((1...(1 << 30)).contains(maxBytes), "maxBytes must lie between 1 and 1 GiB")
        precondition((1...256).contains(maxDepth), "maxDepth must lie between 1 and 256")
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
    }
}
