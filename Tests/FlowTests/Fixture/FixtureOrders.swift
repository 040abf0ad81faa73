import SagaEngine

/// Money goes back to an investor through the custodian.
struct FixtureRefund: SettledInstruction {
    static let kind = "custody.refund"
    static let counterparty: CounterpartyName = "custodian"
    var line: FixtureLine
    var amount: Int128

    var facts: Facts { ["asset": "SGD", "amount": money(amount), "from": line.escrow, "to": line.deposit] }
    var exposure: Exposure? { Exposure(asset: "SGD", amount: amount, decimals: 2) }
}

/// Money goes back to an investor through the bank.
struct FixtureBankRefund: SettledInstruction {
    static let kind = "bank.refund"
    static let counterparty: CounterpartyName = "bank"
    var line: FixtureLine
    var amount: Int128

    var facts: Facts { ["asset": "SGD", "amount": money(amount), "from": line.escrow, "to": "IBAN-\(line.investor)"] }
    var exposure: Exposure? { Exposure(asset: "SGD", amount: amount, decimals: 2) }
}

/// The payable money goes to the issuer.
struct FixtureTransfer: SettledInstruction {
    static let kind = "custody.transfer"
    static let counterparty: CounterpartyName = "custodian"
    var element: FixtureElement

    var facts: Facts {
        [
            "asset": "SGD", "amount": money(element.line.payable), "from": element.line.escrow,
            "to": element.issuer,
        ]
    }
    var exposure: Exposure? { Exposure(asset: "SGD", amount: element.line.payable, decimals: 2) }
}

/// Units are made, as many as the proof says.
struct FixtureMint: ApprovedInstruction {
    static let kind = "custody.mint"
    static let counterparty: CounterpartyName = "custodian"
    var asset: String
    var treasury: String
    var funded: AllSettled<FixtureFunded>

    var units: Int128 { funded.sum(of: "units") }
    var facts: Facts { ["asset": asset, "amount": "\(units)", "to": treasury] }
}

/// Units go to an investor.
struct FixtureDelivery: ApprovedInstruction {
    static let kind = "custody.deliver"
    static let counterparty: CounterpartyName = "custodian"
    var element: FixtureElement
    var minted: Approved<FixtureMint>

    var facts: Facts {
        [
            "asset": element.asset, "amount": "\(element.line.units)", "from": element.treasury,
            "to": element.line.token,
        ]
    }
}

/// What was posted is written to the chain.
struct FixtureRecord: Instruction {
    static let kind = "chain.record"
    static let counterparty: CounterpartyName = "blockchain"
    var posted: Posted<FixturePosting>
    var account: String
    var asset: String
    var amount: String

    var facts: Facts { ["account": account, "asset": asset, "amount": amount, "direction": "credit"] }
}

/// A set of postings.
struct FixturePosting: Postable {
    static let kind = "ledger"

    struct Entry: Codable, Sendable {
        var account: String
        var asset: String
        var amount: Int128
    }

    var entries: [Entry]

    static func move(_ amount: Int128, _ asset: String, from: String, to: String) -> FixturePosting {
        FixturePosting(entries: [
            Entry(account: from, asset: asset, amount: -amount), Entry(account: to, asset: asset, amount: amount),
        ])
    }

    func records() throws -> [Record] { [Record(kind: Self.kind, body: try JournalEncoder().encode(entries))] }
}

/// The fixture's ledger: balances that must not go below zero in escrow, and a log of every set.
struct FixtureLedger: RecordHandler {
    var kind: String { FixturePosting.kind }

    func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
        for entry in try JournalDecoder().decode([FixturePosting.Entry].self, from: record.body) {
            let key = "\(entry.account) \(entry.asset)"
            let old = try books.value(of: key, in: "balance").map { String(decoding: $0, as: UTF8.self) }
            let balance = (old.flatMap { Int128($0) } ?? 0) + entry.amount
            if entry.account.hasPrefix("escrow:"), balance < 0 {
                throw RecordViolation(code: "ledger.overdrawn", message: "\(entry.account) would go below zero")
            }
            try books.set(Array("\(balance)".utf8), for: key, in: "balance")
        }
        try books.append(record.body, to: "postings", key: cause.saga.rawValue, cause: cause)
    }
}
