/// All children of a stage have ended: digest, counts and sums, however many there are.
public struct AllSettled<Element: Codable & Sendable & Tallied>: Evidence {
    /// The journal's proof.
    public let address: EvidenceAddress
    /// How many children ended, those taken out included.
    public let count: Int
    /// How many of them were taken out of the whole.
    public let excluded: Int
    /// SHA-256 over every child's name and output, in order, in hexadecimal.
    public let digest: String
    private let sums: [Tally.Amount]

    init(address: EvidenceAddress, body: BarrierBody) {
        self.address = address
        count = body.count
        excluded = body.excluded
        digest = body.digest
        sums = body.sums
    }

    /// The sum of what the children report under a name; zero when none does.
    public func sum(of name: String) -> Int128 {
        sums.first { $0.name == name }?.value ?? 0
    }

    /// Looks the proof up; works inside the engine only.
    public init(from decoder: any Decoder) throws {
        let address = try EvidenceAddress(from: decoder)
        self.init(address: address, body: try EvidenceShelf.of(decoder).barrier(at: address))
    }

    /// Writes the proof's address.
    public func encode(to encoder: any Encoder) throws { try address.encode(to: encoder) }

    /// Writes the proof's address.
    public func write(to line: inout JSONLine) throws(CodecError) { try address.write(to: &line) }
}
