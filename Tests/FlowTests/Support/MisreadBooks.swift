import SagaEngine
import SettlementFlows

/// Books that are read falsely while told so: one reference's movement is left out, or said to be another.
struct MisreadBooks: SettlementBooks {
    /// What becomes of the movement.
    enum Misreading: Sendable {
        case missing
        case amount(String)
        case target(String)
        case unsettled
    }

    let base: any SettlementBooks
    let misreading: Misreading
    let reference: String
    let isOn: Locked<Bool>

    func snapshot() async throws -> any BookSnapshot { try await base.snapshot() }

    func movements(under effects: [BookEffect]) async throws -> [BookFinding] {
        try await base.movements(under: effects).map { finding in
            guard case .moved(let movement) = finding else { return finding }
            return misread(movement).map(BookFinding.moved) ?? .nothing(reference: movement.reference.rawValue)
        }
    }

    func movements(
        of offering: OfferingID, at party: CounterpartyName, after place: String?
    ) async throws -> BookPage {
        let page = try await base.movements(of: offering, at: party, after: place)
        return BookPage(movements: page.movements.compactMap(misread), next: page.next)
    }

    func ledger(of offering: OfferingID) async throws -> LedgerTotals { try await base.ledger(of: offering) }

    func ledger(of offering: OfferingID, lines: [InvestorID]) async throws -> [LedgerTotals] {
        try await base.ledger(of: offering, lines: lines)
    }

    private func misread(_ movement: BookMovement) -> BookMovement? {
        guard movement.reference == ByteText(reference), isOn.withLock({ $0 }) else { return movement }
        switch misreading {
        case .missing: return nil
        case .amount(let amount): return movement.with(amount: amount)
        case .target(let account): return movement.with(to: account)
        case .unsettled: return movement.with(isSettled: false)
        }
    }
}

extension BookMovement {
    fileprivate func with(amount: String? = nil, to: String? = nil, isSettled: Bool? = nil) -> BookMovement {
        BookMovement(
            reference: reference.rawValue, id: id?.rawValue, asset: asset.rawValue, amount: amount ?? self.amount,
            from: from?.rawValue, to: to ?? self.to?.rawValue, isSettled: isSettled ?? self.isSettled)
    }
}
