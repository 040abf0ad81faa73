/// Arithmetic or text that no exact amount of money or units can be made of.
public enum MoneyError: Error, Equatable, CustomStringConvertible {
    /// The result does not fit 128 bits.
    case overflow
    /// Two currencies in one sum.
    case currencyMismatch
    /// A code that is not in the table of currencies.
    case unknownCurrency
    /// Text that is no plain decimal number.
    case malformed
    /// More digits after the point than the currency's minor unit has.
    case tooFine(digits: Int)
    /// Units that would go below zero.
    case negative

    /// The bounded code for metrics and logs.
    public var code: String {
        switch self {
        case .overflow: "money.overflow"
        case .currencyMismatch: "money.currency_mismatch"
        case .unknownCurrency: "money.unknown_currency"
        case .malformed: "money.malformed"
        case .tooFine: "money.too_fine"
        case .negative: "money.negative"
        }
    }

    /// What is wrong, without the amount.
    public var description: String {
        switch self {
        case .overflow: "the amount does not fit 128 bits"
        case .currencyMismatch: "amounts of two currencies cannot be reckoned together"
        case .unknownCurrency:
            "the currency is not one of \(Currency.allCases.map(\.rawValue).joined(separator: ", "))"
        case .malformed: "an amount is digits with at most one point between them, such as 2555.28"
        case .tooFine(let digits): "the amount is finer than the currency's minor unit of \(digits) digits"
        case .negative: "units cannot go below zero"
        }
    }
}
