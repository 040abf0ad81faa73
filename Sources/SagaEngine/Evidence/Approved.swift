/// The counterparty's verified notice approves this instruction. Nothing else makes one.
public struct Approved<Order: ApprovedInstruction>: Evidence {
    /// The journal's proof.
    public let address: EvidenceAddress
    /// What was approved.
    public let instruction: Order
    /// What the notice says of it.
    public let facts: Facts

    init(address: EvidenceAddress, instruction: Order, facts: Facts) {
        self.address = address
        self.instruction = instruction
        self.facts = facts
    }

    /// Looks the proof up; works inside the engine only.
    public init(from decoder: any Decoder) throws {
        let address = try EvidenceAddress(from: decoder)
        let proof = try EvidenceShelf.of(decoder).approval(at: address)
        self.init(
            address: address, instruction: try EvidenceShelf.of(decoder).decode(Order.self, from: proof.instruction),
            facts: proof.facts)
    }

    /// Writes the proof's address.
    public func encode(to encoder: any Encoder) throws { try address.encode(to: encoder) }

    /// Writes the proof's address.
    public func write(to line: inout JSONLine) throws(CodecError) { try address.write(to: &line) }
}
