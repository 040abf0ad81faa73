import SagaEngine

/// One investor's line, as wide as the one that a settlement hands to its children.
struct BenchLine: Codable, Sendable {
    let investor: String
    let escrow: String
    let issuer: String
    let token: String
    let units: String
    let payable: String
    let refund: String

    init(number: Int) {
        let digits = String(number)
        let name = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
        investor = "INV-\(name)"
        escrow = "escrow-\(name)"
        issuer = "issuer-sg-tower"
        token = "token-\(name)"
        units = "9700"
        payable = "970000.00"
        refund = "30000.00"
    }
}

/// What a child ends with.
struct BenchOutcome: Codable, Sendable, JSONWritable {
    let investor: String
    let record: String

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line in
            line.member("investor", investor)
            line.member("record", record)
        }
    }
}
