public import SagaEngine

/// What a simulated counterparty is like when nothing goes wrong.
public struct PartyProfile: Sendable {
    /// Its name.
    public var name: CounterpartyName
    /// The operations it knows; others are refused.
    public var operations: Set<String>
    /// Whether the answer to an order already says that it is settled, and no notice follows.
    public var settlesAtOnce: Bool
    /// How long an order takes from being started to having its effect.
    public var completion: Span
    /// The most by which chance lengthens that.
    public var completionJitter: Span
    /// Whether it works on one order at a time per account that money leaves; the others queue.
    public var queuesPerAccount: Bool
    /// Whether an account that nobody opened is refused; otherwise it is opened by its first use.
    public var knowsItsAccounts: Bool
    /// Whether an account may not go below zero.
    public var checksFunds: Bool
    /// The counterparty that holds the accounts which this one's payments leave.
    public var drawsOn: CounterpartyName?
    /// How long after a possible send an order may still be applied.
    public var quietTime: Span
    /// After how long a notice that was not acknowledged is sent again, attempt by attempt; then it is given up.
    public var noticeRetries: [Span]

    /// Describes a counterparty that knows its accounts and checks funds.
    public init(
        name: CounterpartyName, operations: Set<String>, settlesAtOnce: Bool = false,
        completion: Span = .milliseconds(50), completionJitter: Span = .milliseconds(50),
        queuesPerAccount: Bool = false,
        knowsItsAccounts: Bool = true, checksFunds: Bool = true, drawsOn: CounterpartyName? = nil,
        quietTime: Span = .seconds(5),
        noticeRetries: [Span] = [.milliseconds(200), .seconds(1), .seconds(5), .seconds(15), .seconds(60), .minutes(5)]
    ) {
        self.name = name
        self.operations = operations
        self.settlesAtOnce = settlesAtOnce
        self.completion = completion
        self.completionJitter = completionJitter
        self.queuesPerAccount = queuesPerAccount
        self.knowsItsAccounts = knowsItsAccounts
        self.checksFunds = checksFunds
        self.drawsOn = drawsOn
        self.quietTime = quietTime
        self.noticeRetries = noticeRetries
    }

    /// A custodian: moves money and units between accounts it knows, one order at a time per account.
    public static func custodian(_ name: CounterpartyName = "custodian") -> PartyProfile {
        PartyProfile(name: name, operations: ["transfer", "refund", "mint", "deliver"], queuesPerAccount: true)
    }

    /// A private blockchain: writes balances at once, knows every account, and sends no notices.
    public static func blockchain(_ name: CounterpartyName = "blockchain") -> PartyProfile {
        PartyProfile(
            name: name, operations: ["record"], settlesAtOnce: true, completion: .zero, completionJitter: .zero,
            knowsItsAccounts: false, checksFunds: false)
    }

    /// A bank: pays out of the custodian's escrow accounts into accounts it does not hold.
    public static func bank(
        _ name: CounterpartyName = "bank", drawsOn custodian: CounterpartyName? = "custodian"
    ) -> PartyProfile {
        PartyProfile(
            name: name, operations: ["payment", "refund"], knowsItsAccounts: false, checksFunds: custodian != nil,
            drawsOn: custodian)
    }
}
