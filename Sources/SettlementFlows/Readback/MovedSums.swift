internal import SagaEngine

/// What the counterparties moved under an offering's references, in sums by what they are sums of.
struct MovedSums: Equatable {
    /// Money that left escrow, by the custodian's own records and by the bank's, which pays out of it; below zero.
    private(set) var custodyEscrow: Int128 = 0
    /// Money that reached the issuer.
    private(set) var custodyIssuer: Int128 = 0
    /// Units made and not delivered.
    private(set) var custodyTreasury: Int128 = 0
    /// Units delivered.
    private(set) var custodyUnits: Int128 = 0
    /// Money recorded on the chain as gone from escrow; below zero.
    private(set) var chainEscrow: Int128 = 0
    /// Units recorded on the chain as issued.
    private(set) var chainIssued: Int128 = 0
    /// Units recorded on the chain as the investors'.
    private(set) var chainUnits: Int128 = 0
    /// What the bank paid out.
    private(set) var bankPaid: Int128 = 0

    mutating func add(_ amount: Int128, of role: ExpectedMovement.Role, at party: CounterpartyName) throws(Halt) {
        switch role {
        case .refund:
            try Self.add(0 - amount, to: &custodyEscrow)
            if party == Parties.bank { try Self.add(amount, to: &bankPaid) }
        case .transfer:
            try Self.add(0 - amount, to: &custodyEscrow)
            try Self.add(amount, to: &custodyIssuer)
        case .mint: try Self.add(amount, to: &custodyTreasury)
        case .delivery:
            try Self.add(0 - amount, to: &custodyTreasury)
            try Self.add(amount, to: &custodyUnits)
        case .released: try Self.add(0 - amount, to: &chainEscrow)
        case .issued: try Self.add(amount, to: &chainIssued)
        case .registered: try Self.add(amount, to: &chainUnits)
        }
    }

    private static func add(_ amount: Int128, to sum: inout Int128) throws(Halt) {
        let (next, overflow) = sum.addingReportingOverflow(amount)
        guard !overflow else { throw Halt(code: "sum_overflow", message: "a sum of movements does not fit 128 bits") }
        sum = next
    }
}
