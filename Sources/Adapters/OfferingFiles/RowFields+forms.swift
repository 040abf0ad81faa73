internal import SettlementFlows

/// Fields of a known form. What is personal never stands in the fault.
extension RowFields {
    /// An investor's id; it leads each line of an allotment, which people open in spreadsheets.
    func investor(_ field: Int) throws(RowFault) -> InvestorID {
        let id: InvestorID = try name(field)
        guard let first = id.rawValue.utf8.first, !Self.formulaMarks.contains(first) else {
            throw fault(
                field, .form, "investor_id must not begin with =, +, - or @, which spreadsheets take for a formula")
        }
        return id
    }

    /// A mail address: one @ with something on both sides, and no space; or nothing.
    func email(_ field: Int) throws(RowFault) -> String {
        let text = try text(field, longest: Investor.longestField)
        if text.isEmpty { return text }
        let sides = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }),
            text.utf8.allSatisfy({ $0 > UInt8(ascii: " ") && $0 != 0x7F })
        else {
            throw fault(field, .form, "email must be one @ with something on both sides, without spaces; or be empty")
        }
        return text
    }

    /// A bank's BIC, ISO 9362: 8 or 11 characters, the fifth and sixth a country's letters; or nothing.
    func bic(_ field: Int) throws(RowFault) -> String {
        let text = try text(field, longest: Investor.longestField)
        if text.isEmpty { return text }
        let characters = Array(text.utf8)
        guard characters.count == 8 || characters.count == 11,
            characters.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) }),
            characters[4...5].allSatisfy(Self.isLetter)
        else {
            throw fault(
                field, .form, "bank_bic must be a BIC of 8 or 11 capitals and digits such as DBSSSGSG; or be empty")
        }
        return text
    }

    /// An address on the chain: 0x and 40 hexadecimal digits in either case.
    func address(_ field: Int) throws(RowFault) -> TokenAddress {
        let address: TokenAddress = try name(field)
        let characters = Array(address.rawValue.utf8)
        guard characters.count == 42, characters.starts(with: "0x".utf8),
            characters.dropFirst(2).allSatisfy({ Self.isDigit($0) || (0x61...0x66).contains($0 | 0x20) })
        else { throw fault(field, .form, "token_address must be 0x and 40 hexadecimal digits") }
        return address
    }

    private static let formulaMarks = Array("=+-@".utf8)

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
