public import SagaEngine

/// Settles one offering: money moves to the issuer, units move to the investors, all books agree.
///
/// An offering that fails, or is called off before money moves, gives everyone everything back through the same lines.
public struct OfferingSettlement: Saga, Compensable {
    /// What goes in.
    public typealias Input = SealedOffering
    /// What comes out.
    public typealias Output = Settlement

    /// The flow's durable name.
    public static let name = "offering-settlement"
    /// The flow's version.
    public static let version = 1

    /// From the allotment to four books that agree; `returnFunds` instead of funding where everyone is refunded, and
    /// `untouched` where nobody is.
    public enum Stage: String, SagaStage {
        case allot, preflight, allotmentDay, opening, open
        case fund, mint, minted, book, recorded, distribute
        case returnFunds, untouched
        case close, notify
    }

    private let book: any OfferingBook
    private let books: any SettlementBooks
    private let neighbours: any OfferingNeighbours
    private let patience: SettlementPatience

    /// A flow over an offering book, the other offerings beside it, and the books it ends by agreeing with.
    public init(
        book: any OfferingBook, books: any SettlementBooks, neighbours: any OfferingNeighbours,
        patience: SettlementPatience = .standard
    ) {
        self.book = book
        self.books = books
        self.neighbours = neighbours
        self.patience = patience
    }

    /// Settles the offering.
    public func run(_ sealed: SealedOffering, in saga: SagaContext<Stage>) async throws -> Settlement {
        let summary = try await allot(sealed, in: saga)
        let preflight = Preflight(surveyor: surveyor(of: sealed), neighbours: neighbours)
        _ = try await saga.step(.preflight) { try await preflight.check(summary) }
        try await saga.sleep(.allotmentDay, until: sealed.offering.allotmentAt)
        _ = try await saga.look(.opening) { try await preflight.check(summary) }

        // From here on money moves, and what has moved is never taken back.
        try await saga.pointOfNoReturn()
        _ = try await saga.post(.open, Posting.published(summary, of: sealed.offering))
        let close = SettlementClose(surveyor: preflight.surveyor, summary: summary)
        switch summary.outcome {
        case .failed: return try await returnFunds(sealed, as: .failed, then: close, in: saga)
        case .full, .prorated: return try await settle(sealed, then: close, in: saga)
        }
    }

    /// Calls the offering off: everyone gets everything back.
    public func compensate(_ sealed: SealedOffering, in saga: SagaContext<Stage>) async throws -> Settlement {
        let summary = try await allot(sealed, in: saga)
        let callingOff = CallingOff(surveyor: surveyor(of: sealed), neighbours: neighbours)
        _ = try await saga.look(.opening) { try await callingOff.check(summary) }

        // From here on money moves back: others leave it alone, and the offering goes forward no more.
        try await saga.pointOfNoReturn()
        _ = try await saga.post(.open, Posting.published(summary, of: sealed.offering))
        let close = SettlementClose(surveyor: callingOff.surveyor, summary: summary)
        return try await returnFunds(sealed, as: .cancelled, then: close, in: saga)
    }

    /// Sees that nothing has moved under the offering's references, before it is discarded after a restore.
    public func proveUntouched(_ sealed: SealedOffering, in saga: SagaContext<Stage>) async throws {
        let callingOff = CallingOff(surveyor: surveyor(of: sealed), neighbours: neighbours)
        try await saga.lookBack(.untouched) { try await callingOff.proveUntouched(try await allotment(of: sealed)) }
    }

    private func allot(
        _ sealed: SealedOffering, in saga: SagaContext<Stage>
    ) async throws -> AllotmentSummary {
        try await saga.step(.allot) { try await allotment(of: sealed) }
    }

    /// The same whenever it is asked for: it is published once.
    private func allotment(of sealed: SealedOffering) async throws -> AllotmentSummary {
        do throws(OfferingBookError) {
            return try await book.allot(sealed.offering.id, input: sealed.input)
        } catch {
            throw error.asStageError
        }
    }

    private func settle(
        _ sealed: SealedOffering, then close: SettlementClose, in saga: SagaContext<Stage>
    ) async throws -> Settlement {
        let lines = OfferingLines(of: close.summary, in: sealed, from: book)
        let funded = try await saga.forEach(.fund, in: lines, run: InvestorFunding.self)
        try FundingCheck.check(funded, against: close.summary)
        let minted = try await mint(funded, sealed.offering, close.summary, in: saga)
        var deeds = FourBooks.Deeds(
            paid: funded.sum(of: Funding.paid), refunded: funded.sum(of: Funding.refunded),
            transferred: funded.sum(of: Funding.transferred), minted: minted?.instruction.units ?? 0)
        var held = 0
        if let minted {
            let delivered = try await saga.forEach(
                .distribute, in: saga.settled(funded), given: minted, run: UnitDistribution.self)
            deeds.distributed = delivered.sum(of: Distribution.distributed)
            held = delivered.excluded
        }
        return try await finish(
            SettlementClose.Ending(
                outcome: .settled, lines: funded.count, excluded: funded.excluded, held: held, deeds: deeds),
            close, in: saga)
    }

    /// Makes the funded units; nothing where every line that had any was taken out.
    private func mint(
        _ funded: AllSettled<Funding>, _ offering: Offering, _ summary: AllotmentSummary,
        in saga: SagaContext<Stage>
    ) async throws -> Approved<Mint>? {
        guard funded.sum(of: Funding.units) > 0 else { return nil }
        let order = try await saga.send(.mint, Mint(of: funded, for: offering, allotted: summary))
        let minted = try await saga.receive(.minted, from: order, within: patience.approval)
        let posting = try await saga.post(.book, Posting.minted(minted))
        _ = try await saga.send(.recorded, ChainRecord(of: posting, approvedBy: minted))
        return minted
    }

    private func returnFunds(
        _ sealed: SealedOffering, as outcome: Settlement.Outcome, then close: SettlementClose,
        in saga: SagaContext<Stage>
    ) async throws -> Settlement {
        let lines = OfferingLines(of: close.summary, in: sealed, from: book)
        let returned = try await saga.forEach(.returnFunds, in: lines, run: InvestorReturn.self)
        let refunded = returned.sum(of: ReturnedFunds.refunded)
        return try await finish(
            SettlementClose.Ending(
                outcome: outcome, lines: returned.count,
                deeds: FourBooks.Deeds(paid: refunded, refunded: refunded, transferred: 0)), close, in: saga)
    }

    private func finish(
        _ ending: SettlementClose.Ending, _ close: SettlementClose, in saga: SagaContext<Stage>
    ) async throws -> Settlement {
        let settlement = try await saga.step(.close) { try await close.agree(on: ending) }
        _ = try await saga.post(.notify, Posting.closed(settlement))
        return settlement
    }

    private func surveyor(of sealed: SealedOffering) -> Surveyor {
        Surveyor(sealed: sealed, book: book, books: books)
    }
}
