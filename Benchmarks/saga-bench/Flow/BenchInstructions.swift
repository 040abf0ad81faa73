import SagaEngine

// The instructions of a settlement's line: what is told to whom, and the evidence that each needs. They write
// themselves, as the settlement's own do.

/// What is common to all: an amount from one account to another. The counterparty reads these fields off the wire.
struct BenchMove: Codable, Sendable {
    let asset: String
    let amount: String
    let from: String
    let to: String

    var facts: Facts { ["asset": asset, "amount": amount, "from": from, "to": to] }
}

extension BenchMove: JSONWritable {
    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("asset", asset)
            line.member("amount", amount)
            line.member("from", from)
            line.member("to", to)
        }
    }

    var wire: [UInt8] { Array("\(asset)\n\(amount)\n\(from)\n\(to)".utf8) }

    init?(wire: [UInt8]) {
        let lines = wire.split(separator: UInt8(ascii: "\n"))
        guard lines.count == 4 else { return nil }
        asset = String(decoding: lines[0], as: UTF8.self)
        amount = String(decoding: lines[1], as: UTF8.self)
        from = String(decoding: lines[2], as: UTF8.self)
        to = String(decoding: lines[3], as: UTF8.self)
    }
}

/// An instruction that moves something.
protocol BenchOrder: Instruction {
    var move: BenchMove { get }
}

struct BenchRefund: BenchOrder {
    static let kind = "bench.refund"
    static let counterparty = BenchParty.name
    let move: BenchMove
    var facts: Facts { move.facts }
    var exposure: Exposure? { Exposure(asset: "AED", amount: 3_000_000, decimals: 2) }

    init(_ line: BenchLine) {
        move = BenchMove(asset: "AED", amount: line.refund, from: line.escrow, to: line.investor)
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("move", move)
        }
    }
}

struct BenchTransfer: SettledInstruction, BenchOrder {
    static let kind = "bench.transfer"
    static let counterparty = BenchParty.name
    let move: BenchMove
    var facts: Facts { move.facts }
    var exposure: Exposure? { Exposure(asset: "AED", amount: 97_000_000, decimals: 2) }

    init(_ line: BenchLine) {
        move = BenchMove(asset: "AED", amount: line.payable, from: line.escrow, to: line.issuer)
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("move", move)
        }
    }
}

struct BenchDelivery: ApprovedInstruction, BenchOrder {
    static let kind = "bench.deliver"
    static let counterparty = BenchParty.name
    let move: BenchMove
    let paid: Settled<BenchTransfer>
    var facts: Facts { move.facts }
    var exposure: Exposure? { Exposure(asset: "DABS", amount: 9_700, decimals: 0) }

    init(_ line: BenchLine, paid: Settled<BenchTransfer>) {
        move = BenchMove(asset: "DABS", amount: line.units, from: "treasury", to: line.token)
        self.paid = paid
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("move", move)
            try line.member("paid", paid)
        }
    }
}

struct BenchRecord: BenchOrder {
    static let kind = "bench.record"
    static let counterparty = BenchParty.name
    static let movesMoney = false
    let move: BenchMove
    let posted: Posted<BenchPosting>
    var facts: Facts { move.facts }

    init(_ line: BenchLine, posted: Posted<BenchPosting>) {
        move = BenchMove(asset: "DABS", amount: line.units, from: "treasury", to: line.token)
        self.posted = posted
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("move", move)
            try line.member("posted", posted)
        }
    }
}
