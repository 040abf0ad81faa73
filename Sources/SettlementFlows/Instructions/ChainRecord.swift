public import SagaEngine

/// Writes what was posted to the chain, once: one record a line, each under its own write-once key.
///
/// The chain answers when it is final there; no notice follows.
public struct ChainRecord<Content: Recordable>: Instruction, SettlementInstruction {
    /// `chain.record`.
    public static var kind: String { "chain.record" }
    /// The chain.
    public static var counterparty: CounterpartyName { Parties.blockchain }

    /// The proof that it stands in our books.
    public let posting: Posted<Content>

    private init(posting: Posted<Content>) {
        self.posting = posting
    }

    /// Account, asset, amount, direction, and the posting it is the record of.
    public var facts: Facts {
        let entry = posting.content.chainEntry
        return [
            "account": entry.account, "asset": entry.asset, "amount": entry.amount,
            "direction": entry.isCredit ? "credit" : "debit", "posting": posting.address.description,
        ]
    }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("posting", posting)
        }
    }
}

extension ChainRecord where Content: SettledRecordable {
    /// Records a posting about money.
    public init(of posting: Posted<Content>) {
        self.init(posting: posting)
    }
}

extension ChainRecord where Content: ApprovedRecordable {
    /// Records a posting that stands on the custodian's approval.
    ///
    /// - Throws: ``Halt`` when the approval is not the one that the posting stands on.
    public init(of posting: Posted<Content>, approvedBy approval: Approved<Content.Order>) throws(Halt) {
        guard posting.content.approval.address == approval.address else {
            throw Halt(
                code: "record_other_approval",
                message: "\(posting.address) was posted on \(posting.content.approval.address), not \(approval.address)"
            )
        }
        self.init(posting: posting)
    }
}
