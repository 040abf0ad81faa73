public import SagaEngine

/// How long a settlement waits for each kind of answer before a person is told; the waiting goes on.
public struct SettlementPatience: Sendable, Equatable {
    /// For money to settle at the custodian.
    public let settlement: Span
    /// For money to settle through the bank.
    public let bank: Span
    /// For the custodian's approval.
    public let approval: Span

    /// States how long.
    public init(settlement: Span, bank: Span, approval: Span) {
        precondition(settlement > .zero && bank > .zero && approval > .zero, "patience is above zero")
        self.settlement = settlement
        self.bank = bank
        self.approval = approval
    }

    /// A day for money, three through a bank, two for an approval.
    public static let standard = SettlementPatience(
        settlement: .hours(24), bank: .hours(72), approval: .hours(48))
}
