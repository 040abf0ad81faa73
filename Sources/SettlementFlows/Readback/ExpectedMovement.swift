internal import SagaEngine

/// One movement that our ledger says has happened: what a counterparty must have under our reference.
struct ExpectedMovement {
    /// What it is to the settlement, and so which sums it belongs to.
    enum Role {
        case refund, transfer, mint, delivery
        case released, issued, registered
    }

    let role: Role
    let effect: BookEffect
    let asset: ByteText
    /// How much, in the asset's smallest unit.
    let amount: Int128
    /// The same in major units.
    let amountText: String
    let from: ByteText?
    let to: ByteText?

    init(_ role: Role, _ effect: BookEffect, _ money: Money, from: AccountID, to: String?) {
        self.role = role
        self.effect = effect
        asset = ByteText(money.currency.rawValue)
        amount = money.minorUnits
        amountText = money.text
        self.from = ByteText(from.rawValue)
        self.to = to.map { ByteText($0) }
    }

    init(_ role: Role, _ effect: BookEffect, units: Int128, of asset: AssetID, from: AccountID?, to: String) {
        self.role = role
        self.effect = effect
        self.asset = ByteText(asset.rawValue)
        amount = units
        amountText = String(units)
        self.from = from.map { ByteText($0.rawValue) }
        self.to = ByteText(to)
    }
}

extension ExpectedMovement {
    /// What is wrong with what was found, in words that name reference, accounts and both amounts; `nil` when nothing.
    func difference(from finding: BookFinding, in currency: Currency) -> String? {
        switch finding {
        case .moved(let movement) where agrees(with: movement, in: currency): nil
        case .moved, .nothing:
            Self.difference(effect.party, finding.reference, ledger: words, book: finding.words(asset.rawValue))
        }
    }

    /// The amount that was found, in the smallest unit; `nil` where it is of another asset or no amount.
    func amount(found movement: BookMovement, in currency: Currency) -> Int128? {
        guard movement.asset == asset else { return nil }
        guard asset == ByteText(currency.rawValue) else { return Int128(movement.amount) }
        do throws(MoneyError) {
            return try Money(currency, text: movement.amount).minorUnits
        } catch {
            return nil
        }
    }

    /// What is wrong with a movement that the ledger does not know.
    static func unknown(_ movement: BookMovement, at party: CounterpartyName) -> String {
        difference(
            party, movement.reference.rawValue, ledger: "nothing (0 \(movement.asset))",
            book: BookFinding.moved(movement).words(movement.asset.rawValue))
    }

    /// What is wrong with a movement that the ledger knows once and the party lists twice.
    static func listedTwice(_ first: BookMovement, _ second: BookMovement, at party: CounterpartyName) -> String {
        difference(
            party, second.reference.rawValue, ledger: "one movement",
            book: "listed two: \(first.wordsWithID) and \(second.wordsWithID)")
    }

    private static func difference(
        _ party: CounterpartyName, _ reference: String, ledger: String, book: String
    ) -> String {
        "\(party), \(reference): the ledger has \(ledger), the \(party) has \(book)"
    }

    /// Whether what was found is this movement.
    func agrees(with movement: BookMovement, in currency: Currency) -> Bool {
        movement.from == from && movement.to == to && amount(found: movement, in: currency) == amount
    }

    /// The amount and the accounts.
    var words: String {
        BookMovement(
            reference: "", asset: asset.rawValue, amount: amountText, from: from?.rawValue, to: to?.rawValue,
            isSettled: true
        ).words
    }
}

extension BookMovement {
    /// The amount and the accounts: `2520.00 SGD from ESC-7 to ISS-1`.
    var words: String {
        "\(amount) \(asset)" + (from.map { " from \($0)" } ?? "") + (to.map { " to \($0)" } ?? "")
    }

    /// The same, and under which id: `2520.00 SGD from ESC-7 to ISS-1 under its id T-9`.
    fileprivate var wordsWithID: String { words + (id.map { " under its id \($0)" } ?? "") }
}

extension BookFinding {
    fileprivate func words(_ asset: String) -> String {
        switch self {
        case .moved(let movement): movement.words + (movement.isSettled ? "" : ", still to come")
        case .nothing: "nothing (0 \(asset))"
        }
    }
}
