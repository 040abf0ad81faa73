import SagaEngine

/// Needs the party's approval.
struct Approve: ApprovedInstruction {
    static let kind = "toy.approve"
    static let counterparty: CounterpartyName = "toy"
    var amount: Int64
    var facts: Facts { ["amount": "\(amount)"] }
}

/// Moves nothing and waits for nothing.
struct Tell: Instruction {
    static let kind = "toy.tell"
    static let counterparty: CounterpartyName = "toy"
    static let movesMoney = false
    var amount: Int64
    var facts: Facts { ["amount": "\(amount)"] }
}

/// Can be built on a settled payment alone.
struct Follow: Instruction {
    static let kind = "toy.follow"
    static let counterparty: CounterpartyName = "toy"
    let payment: Settled<Pay>
    var facts: Facts { ["amount": "\(payment.instruction.amount)"] }
}

/// Nobody understands this.
struct Alien: Instruction {
    static let kind = "toy.alien"
    static let counterparty: CounterpartyName = "toy"
    var facts: Facts { [:] }
}

/// Nobody is there to be told.
struct Lost: Instruction {
    static let kind = "toy.pay"
    static let counterparty: CounterpartyName = "nobody"
    var facts: Facts { [:] }
}

/// Something for the books.
struct BookEntry: Postable, Equatable {
    var amount: Int64
    func records() throws -> [Record] { [Record(kind: "toy.book", body: Array("\(amount)".utf8))] }
}
