public import SagaEngine

/// Proof that a share of an investor's money is back with them, by whichever way it went.
public enum RefundProof: Codable, Sendable, JSONWritable {
    /// To their deposit account.
    case custody(Settled<Refund>)
    /// To their bank account.
    case bank(Settled<BankRefund>)

    /// How much.
    public var amount: Money {
        switch self {
        case .custody(let settled): settled.instruction.amount
        case .bank(let settled): settled.instruction.amount
        }
    }

    /// Which part.
    public var share: RefundShare {
        switch self {
        case .custody(let settled): settled.instruction.share
        case .bank(let settled): settled.instruction.share
        }
    }

    /// Whether it is about a line.
    func isAbout(_ line: OfferingLine) -> Bool {
        switch self {
        case .custody(let settled):
            settled.instruction.offering == line.offering && settled.instruction.investor == line.investor
        case .bank(let settled):
            settled.instruction.offering == line.offering && settled.instruction.investor == line.investor
        }
    }

    /// Checks that the proof covers exactly a share of a line; a share of nothing needs none.
    ///
    /// - Throws: ``Halt`` when the proof is missing, superfluous or about something else.
    static func check(_ proof: RefundProof?, covers share: RefundShare, of line: OfferingLine) throws(Halt) {
        let due = line.amount(of: share)
        guard let proof else {
            guard due.minorUnits == 0 else {
                throw Halt(code: "refund_unproved", message: "\(line.investor) has not been refunded \(due) yet")
            }
            return
        }
        guard proof.isAbout(line), proof.share == share, proof.amount == due else {
            throw Halt(
                code: "refund_other", message: "the proof given is not that \(line.investor) was refunded \(due)")
        }
    }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            switch self {
            case .custody(let settled):
                try line.object("custody") { line throws(CodecError) in try line.member("_0", settled) }
            case .bank(let settled):
                try line.object("bank") { line throws(CodecError) in try line.member("_0", settled) }
            }
        }
    }
}
