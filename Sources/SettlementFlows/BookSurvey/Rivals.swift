internal import SagaEngine

/// The other offerings whose money this one must leave alone.
///
/// Of two that have not moved yet the one that was sealed first comes first, so that both never wait for each other and
/// both never take the same money; one that moves already always comes first.
struct Rivals {
    private let rivals: [NeighbourOffering]
    private let money: Currency
    private let neighbours: any OfferingNeighbours
    private let books: any SettlementBooks

    /// Asks who there is.
    init(
        of offering: Offering, among neighbours: any OfferingNeighbours, books: any SettlementBooks
    ) async throws {
        rivals = try await asStage { () throws(OfferingBookError) in
            try await neighbours.unsettled(besides: offering.id)
        }.filter(\.comesFirst)
        money = offering.unitPrice.currency
        self.neighbours = neighbours
        self.books = books
    }

    /// Who they are and which of them move already; what was surveyed between two that differ was seen in between.
    var standing: [Standing] { rivals.map { Standing(offering: $0.offering.id, isMoving: $0.isMoving) } }

    /// One of them, as it stands.
    struct Standing: Equatable {
        let offering: OfferingID
        let isMoving: Bool
    }

    /// One that makes the same token into the same treasury: the next sale of a token begins once the one before ended.
    func twin(of offering: Offering) -> OfferingID? {
        rivals.first { $0.makesSameToken(as: offering) }?.offering.id
    }

    /// What they still take from some escrow accounts.
    ///
    /// It is to be asked before the balances: money that moves in between is then counted twice rather than not at all.
    func claims(on accounts: [AccountID]) async throws -> RivalClaims {
        var all: [RivalClaims.Claim] = []
        for rival in rivals where rival.offering.unitPrice.currency == money {
            let id = rival.offering.id
            let claims = try await asStage { () throws(OfferingBookError) in
                try await neighbours.claims(of: id, on: accounts)
            }
            guard !claims.isEmpty else { continue }
            let ledger = try await books.ledger(of: id, lines: claims.map(\.investor))
            for (claim, taken) in zip(claims, ledger) {
                let left = claim.paid.minorUnits - taken.refunded - taken.transferred
                guard left > 0 else { continue }
                all.append(
                    RivalClaims.Claim(
                        account: claim.account, by: id, investor: claim.investor, amount: left,
                        isMoving: rival.isMoving))
            }
        }
        return RivalClaims(all)
    }
}

/// Asks an offering book, with its failures as a stage's.
private func asStage<Value>(_ ask: () async throws(OfferingBookError) -> Value) async throws -> Value {
    do throws(OfferingBookError) {
        return try await ask()
    } catch {
        throw error.asStageError
    }
}
