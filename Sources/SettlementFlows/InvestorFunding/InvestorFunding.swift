public import SagaEngine

/// Funds one line: what was not allotted goes back and is seen to, then what is payable goes to the issuer.
///
/// Before its transfer has had an effect a line can be taken out: then everything goes back.
public struct InvestorFunding: Saga, Excludable {
    /// What goes in.
    public typealias Input = OfferingLine
    /// What comes out.
    public typealias Output = Funding

    /// The flow's durable name.
    public static let name = "investor-funding"

    /// Open the books for the line, refund, transfer, post, record; the way out; and, after a restore, a look before
    /// either way is gone that the other one was not.
    public enum Stage: String, SagaStage {
        case open, refund, refunded, transfer, transferred, post, record
        case refundRest, restRefunded, postExcluded, recordExcluded
        case notTakenOut, notTransferred
    }

    /// A line that is paid for cannot be taken out.
    public static var excludedBy: [Stage] { [.transfer] }
    /// What becomes of a line that is taken out.
    public static var exclusion: String { "refunded in full, its units not made" }

    private let books: any MovementBooks
    private let patience: SettlementPatience

    /// A flow that looks for forgotten movements in these books, and waits for counterparties as patiently as told.
    public init(books: any MovementBooks, patience: SettlementPatience = .standard) {
        self.books = books
        self.patience = patience
    }

    /// Funds the line.
    public func run(_ line: OfferingLine, in saga: SagaContext<Stage>) async throws -> Funding {
        _ = try await saga.post(.open, Posting.opened(line))
        let refunded = try await returning(saga).refund(.unallotted, of: line, .refund, .refunded)
        let transferred = try await transfer(line, after: refunded, in: saga)
        let posting = try await saga.post(
            .post, Posting.funded(line, refunded: refunded, transferred: transferred))
        _ = try await saga.send(.record, ChainRecord(of: posting))
        return Funding(line, isExcluded: false)
    }

    /// Ends the line without the investor: everything they paid goes back.
    public func exclude(_ line: OfferingLine, in saga: SagaContext<Stage>) async throws -> Funding {
        // A line that pays nothing is refunded in full anyway, and may be posted as such already.
        guard line.line.allotment.payable.minorUnits > 0 else { return try await run(line, in: saga) }
        try await saga.lookBack(.notTransferred) {
            guard let transfer = try await standing(.transfer, of: line, at: Parties.custodian) else { return true }
            throw CannotTurnBack(
                message: "\(line.investor) cannot be taken out, because the issuer was paid: \(transfer); "
                    + "resume goes forward and takes it as it is")
        }
        _ = try await saga.post(.open, Posting.opened(line))
        let refunded = try await returning(saga).refund(.unallotted, of: line, .refund, .refunded)
        let rest = try await returning(saga).refund(.rest, of: line, .refundRest, .restRefunded)
        let posting = try await saga.post(.postExcluded, Posting.excluded(line, refunded: refunded, rest: rest))
        _ = try await saga.send(.recordExcluded, ChainRecord(of: posting))
        return Funding(line, isExcluded: true)
    }

    private func transfer(
        _ line: OfferingLine, after refunded: RefundProof?, in saga: SagaContext<Stage>
    ) async throws -> Settled<Transfer>? {
        guard line.line.allotment.payable.minorUnits > 0 else { return nil }
        try await saga.lookBack(.notTakenOut) {
            let party = line.refundTo == .bank ? Parties.bank : Parties.custodian
            guard let rest = try await standing(.refundRest, of: line, at: party) else { return true }
            throw Halt(
                code: "taken_out",
                message: "\(line.investor) was taken out before the restore: \(rest); exclude the line, which takes "
                    + "that as it is")
        }
        let order = try await saga.send(.transfer, Transfer(of: line, after: refunded))
        return try await saga.receive(.transferred, from: order, within: patience.settlement)
    }

    private func standing(
        _ stage: Stage, of line: OfferingLine, at party: CounterpartyName
    ) async throws -> String? {
        try await LineEffect(
            offering: line.offering, investor: line.investor, part: .fund, stage: stage.name, party: party
        ).standing(in: books)
    }

    private func returning(_ saga: SagaContext<Stage>) -> MoneyReturn<Stage> {
        MoneyReturn(saga: saga, patience: patience)
    }
}
