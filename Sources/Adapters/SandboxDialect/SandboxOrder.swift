public import SagaEngine

/// What a counterparty of the sandbox is told to do: an operation and the facts that say with what.
///
/// The custodian and the bank read `asset`, `amount`, `from` and `to`; the chain reads `account`, `asset`, `amount`
/// and `direction`. Other facts travel along and come back unchanged.
public struct SandboxOrder: Sendable, Equatable {
    /// The operation, such as `transfer`, `mint`, `payment` or `record`.
    public let operation: String
    /// The facts in the order they are written.
    public let facts: Facts

    /// Turns an instruction into an order; throws when the dialect has no words for it.
    public typealias Mapping = @Sendable (any Instruction) throws(Unrenderable) -> SandboxOrder

    /// The most facts one order carries.
    public static let factLimit = 32
    /// The longest operation, fact name or fact value, in UTF-8 bytes.
    public static let textLimit = 512
    /// The names that the dialect itself uses and no fact may have.
    public static let reservedNames: Set<String> = [
        "reference", "id", "state", "operation", "code", "message", "occurred_at", "error", "number",
    ]

    /// Puts an order together.
    public init(operation: String, facts: Facts) {
        self.operation = operation
        self.facts = facts
    }

    /// The order that any instruction amounts to: the last part of its kind is the operation, its facts are the facts.
    public static let plain: Mapping = { instruction throws(Unrenderable) in
        let kind = type(of: instruction).kind
        let operation = kind.split(separator: ".").last.map(String.init) ?? kind
        return SandboxOrder(operation: operation, facts: instruction.facts)
    }

    /// What is wrong with the order before any counterparty has looked at it; `nil` when nothing is.
    public var defect: String? {
        if operation.isEmpty || operation.utf8.count > Self.textLimit { return "the operation is empty or too long" }
        if facts.pairs.count > Self.factLimit { return "there are more than \(Self.factLimit) facts" }
        var seen: Set<ByteText> = []
        for fact in facts.pairs {
            if Self.reservedNames.contains(fact.name) { return "the dialect keeps the name \(fact.name) for itself" }
            if !seen.insert(ByteText(fact.name)).inserted { return "the fact \(fact.name) is stated twice" }
            if fact.name.isEmpty || fact.name.utf8.count > Self.textLimit {
                return "a fact's name is empty or too long"
            }
            if fact.value.utf8.count > Self.textLimit { return "the fact \(fact.name) is too long" }
        }
        guard let asset = facts["asset"], !asset.isEmpty else { return "the asset is missing" }
        guard let amount = facts["amount"] else { return "the amount is missing" }
        guard let value = SandboxAmount(amount), value.scaled > 0 else { return "the amount is not a positive decimal" }
        return movements.isEmpty ? "the accounts are missing" : nil
    }

    /// What may be worked on one order at a time: the account that the money or the units leave.
    public var lane: String? {
        operation == Self.mint ? facts["to"] : facts["from"] ?? facts["account"] ?? facts["to"]
    }

    /// The operation that makes units out of nothing.
    public static let mint = "mint"

    /// The accounts whose balances change, with what each gains; empty when the facts do not say.
    public var movements: [Movement] {
        guard let asset = facts["asset"], let amount = facts["amount"].flatMap(SandboxAmount.init) else { return [] }
        if let account = facts["account"], let direction = facts["direction"] {
            switch direction {
            case "credit": return [Movement(account: account, asset: asset, gain: amount.scaled)]
            case "debit": return [Movement(account: account, asset: asset, gain: -amount.scaled)]
            default: return []
            }
        }
        guard let to = facts["to"] else { return [] }
        let gain = Movement(account: to, asset: asset, gain: amount.scaled)
        if operation == Self.mint { return [gain] }
        guard let from = facts["from"] else { return [] }
        return [Movement(account: from, asset: asset, gain: -amount.scaled), gain]
    }

    /// What one account gains, or loses when negative.
    public struct Movement: Sendable, Equatable {
        /// The account.
        public let account: String
        /// The asset.
        public let asset: String
        /// The amount in ``SandboxAmount``'s scale.
        public let gain: Int128
    }
}
