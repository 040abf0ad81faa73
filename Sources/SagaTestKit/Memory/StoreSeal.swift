public import SagaEngine

/// One link of the global audit chain: what one committed batch added to journals and prints.
public struct StoreSeal: Sendable, Equatable {
    /// Its place in the chain, from 1, without gaps.
    public let number: Int64
    /// When, by the store's clock.
    public let at: Timestamp
    /// The link itself.
    public let link: ChainLink

    /// The link before the first seal: 32 zero bytes.
    public static let origin = ChainLink(bytes: [UInt8](repeating: 0, count: 32))

    /// Takes a seal as stored.
    public init(number: Int64, at: Timestamp, link: ChainLink) {
        self.number = number
        self.at = at
        self.link = link
    }
}
