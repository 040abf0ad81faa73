/// This instruction is settled: a notice says so, or the counterparty when asked, or persons with evidence.
public struct Settled<Order: SettledInstruction>: Evidence {
    /// The journal's proof.
    public let address: EvidenceAddress
    /// What is settled.
    public let instruction: Order
    /// What proves it says of it.
    public let facts: Facts

    init(address: EvidenceAddress, instruction: Order, facts: Facts) {
        self.address = address
        self.instruction = instruction
        self.facts = facts
    }

    /// Looks the proof up; works inside the engine only.
    public init(from decoder: any Decoder) throws {
        let address = try EvidenceAddress(from: decoder)
        let proof = try EvidenceShelf.of(decoder).settlement(at: address)
        self.init(
            address: address, instruction: try EvidenceShelf.of(decoder).decode(Order.self, from: proof.instruction),
            facts: proof.facts)
    }

    /// Writes the proof's address.
    public func encode(to encoder: any Encoder) throws { try address.encode(to: encoder) }

    /// Writes the proof's address.
    public func write(to line: inout JSONLine) throws(CodecError) { try address.write(to: &line) }
}
