/// What a notice and the instruction that it is about meet by.
public struct SentReference: Hashable, Sendable {
    /// The counterparty that the instruction was sent to, whose webhook the notice comes to.
    public let source: CounterpartyName
    /// Our reference in the counterparty's format.
    public let reference: String

    /// Names an instruction as its counterparty knows it.
    public init(source: CounterpartyName, reference: String) {
        self.source = source
        self.reference = reference
    }

    /// Whether both are the same bytes.
    public static func == (left: SentReference, right: SentReference) -> Bool {
        left.source == right.source && left.reference.isSameBytes(as: right.reference)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(ByteText(reference))
    }
}
