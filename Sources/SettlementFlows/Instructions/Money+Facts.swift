internal import SagaEngine

extension Money {
    /// The amount as something at stake.
    var exposure: Exposure {
        Exposure(asset: currency.rawValue, amount: minorUnits, decimals: currency.minorUnitDigits)
    }

    /// The facts of moving this amount from one account to another.
    func facts(from source: AccountID, to target: String) -> Facts {
        ["asset": currency.rawValue, "amount": text, "from": source.rawValue, "to": target]
    }
}

extension Units {
    /// The number in the width that ledgers reckon in.
    ///
    /// - Throws: ``Halt`` when it does not fit.
    var signed: Int128 {
        get throws(Halt) {
            guard let count = Int128(exactly: count) else {
                throw Halt(code: "units_overflow", message: "\(self) units do not fit a ledger's 127 bits")
            }
            return count
        }
    }
}
