/// A currency that this software settles in: its ISO 4217 code and how many digits its minor unit has.
public enum Currency: String, CaseIterable, Hashable, Codable, Sendable {
    case aed = "AED"
    case aud = "AUD"
    case bhd = "BHD"
    case chf = "CHF"
    case cny = "CNY"
    case eur = "EUR"
    case gbp = "GBP"
    case hkd = "HKD"
    case idr = "IDR"
    case inr = "INR"
    case jpy = "JPY"
    case krw = "KRW"
    case kwd = "KWD"
    case myr = "MYR"
    case nzd = "NZD"
    case php = "PHP"
    case sgd = "SGD"
    case thb = "THB"
    case twd = "TWD"
    case usd = "USD"
    case vnd = "VND"

    /// The currency of an ISO 4217 code; an unknown one is refused, because its minor unit would be a guess.
    public init(code: String) throws(MoneyError) {
        guard let known = Currency(rawValue: code) else { throw .unknownCurrency }
        self = known
    }

    /// How many digits follow the point in this currency's amounts (ISO 4217, "minor unit").
    public var minorUnitDigits: Int {
        switch self {
        case .jpy, .krw, .vnd: 0
        case .bhd, .kwd: 3
        case .aed, .aud, .chf, .cny, .eur, .gbp, .hkd, .idr, .inr, .myr, .nzd, .php, .sgd, .thb, .twd, .usd: 2
        }
    }

    /// How many minor units make one major unit: 100 cents to the dollar.
    public var minorUnitsPerMajor: Int128 {
        (0..<minorUnitDigits).reduce(1) { scale, _ in scale * 10 }
    }
}
