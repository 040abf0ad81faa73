/// The counterparty has this instruction: the evidence that `send` returns.
public struct Sent<Order: Instruction>: Evidence {
    /// The journal's proof.
    public let address: EvidenceAddress
    /// What was sent.
    public let instruction: Order
    /// What the counterparty answered.
    public let receipt: Receipt

    init(address: EvidenceAddress, instruction: Order, receipt: Receipt) {
        self.address = address
        self.instruction = instruction
        self.receipt = receipt
    }

    /// Looks the proof up; works inside the engine only.
    public init(from decoder: any Decoder) throws {
        let address = try EvidenceAddress(from: decoder)
        let proof = try EvidenceShelf.of(decoder).receipt(at: address)
        self.init(
            address: address, instruction: try EvidenceShelf.of(decoder).decode(Order.self, from: proof.instruction),
            receipt: proof.receipt)
    }

    /// Writes the proof's address.
    public func encode(to encoder: any Encoder) throws { try address.encode(to: encoder) }

    /// Writes the proof's address.
    public func write(to line: inout JSONLine) throws(CodecError) { try address.write(to: &line) }
}
