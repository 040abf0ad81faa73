import SagaEngine

// The instructions of a settlement's line: what is told to whom, and the evidence that each needs.

/// What is common to all: an amount from one account to another. The counterparty reads these fields off the wire.
struct BenchMove: Codable, Sendable {
    let asset: String
    let amount: String
    let from: String
    let to: String

    var facts: Facts { ["asset": asset, "amount": amount, "from": from, "to": to] }
}

struct BenchRefund: Instruction {
    static let kind = "bench.refund"
    static let counterparty = BenchParty.name
    let move: BenchMove
    var facts: Facts { move.facts }
    var exposure: Exposure? { Exposure(asset: "AED", amount: 3_000_000, decimals: 2) }

    init(_ line: BenchLine) {
        move = BenchMove(asset: "AED", amount: line.refund, from: line.escrow, to: line.investor)
    }
}

struct BenchTransfer: SettledInstruction {
    static let kind = "bench.transfer"
    static let counterparty = BenchParty.name
    let move: BenchMove
    var facts: Facts { move.facts }
    var exposure: Exposure? { Exposure(asset: "AED", amount: 97_000_000, decimals: 2) }

    init(_ line: BenchLine) {
        move = BenchMove(asset: "AED", amount: line.payable, from: line.escrow, to: line.issuer)
    }
}

struct BenchDelivery: ApprovedInstruction {
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
}

struct BenchRecord: Instruction {
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
}
