public import SagaEngine
public import SettlementFlows

/// A counterparty on the bench, fresh for each law, with the means to trouble it and to look behind its back.
public protocol CounterpartyBench: Sendable {
    /// The counterparty under test.
    var counterparty: any Counterparty { get }
    /// What it moved, read back by our references.
    var books: any MovementBooks { get }
    /// Whether it tells by notices what became of an order.
    var sendsNotices: Bool { get }
    /// An instruction that it can carry out; another one for each number.
    func instruction(_ number: Int) -> any Instruction
    /// Lets faults strike from now on.
    func arm(_ rules: [FaultRule]) async
    /// Freezes the account that the instructions use.
    func freeze() async
    /// Waits for the next verified notice about a reference whose word is final.
    func finalNotice(about reference: String) async -> Notice
    /// How many effects a reference had, by the counterparty's own journal.
    func effects(of reference: String) async -> Int
}
