/// Something a counterparty is told to do, as data. Flows build it; ports put it into their party's words; the engine
/// alone sends it.
///
/// What an instruction needs as evidence its initialiser demands, and stores: the evidence crosses the journal by
/// reference, so an instruction cannot be decoded into being by anybody but the engine.
///
/// Each replay writes it again, to compare it with what was sent; one that is sent by the thousand had better write
/// itself (see ``JSONWritable``).
public protocol Instruction: Codable, Sendable, JSONWritable {
    /// The kind's durable name, of a bounded set: `custody.transfer`, `chain.record`.
    static var kind: String { get }
    /// Who is told.
    static var counterparty: CounterpartyName { get }
    /// Whether carrying it out moves money or units; such an instruction is sent only past the point of no return.
    static var movesMoney: Bool { get }
    /// Whether a notice about it will come.
    static var awaitsNotice: Bool { get }
    /// What the counterparty's answers and notices must agree with.
    var facts: Facts { get }
    /// The money or units at stake until there is terminal evidence; `nil` when nothing is.
    var exposure: Exposure? { get }
}

extension Instruction {
    /// Instructions move money unless they say otherwise.
    public static var movesMoney: Bool { true }
    /// No notice comes unless the kind of instruction says so.
    public static var awaitsNotice: Bool { false }
    /// Nothing is at stake unless the instruction says so.
    public var exposure: Exposure? { nil }
}

/// An instruction that counts only once the counterparty's verified notice approves it.
public protocol ApprovedInstruction: Instruction {}

extension ApprovedInstruction {
    /// The approval is a notice.
    public static var awaitsNotice: Bool { true }
}

/// An instruction whose settlement is proved by a notice or, where policy says so, by asking.
public protocol SettledInstruction: Instruction {}

extension SettledInstruction {
    /// The settlement is told by a notice.
    public static var awaitsNotice: Bool { true }
}

/// An amount at stake in one asset.
public struct Exposure: Sendable, Equatable, Codable {
    /// The asset's code.
    public let asset: String
    /// Indivisible units of the asset: minor units of a currency, whole token units.
    public let amount: Int128
    /// How many decimals a person expects to see.
    public let decimals: Int

    /// States an amount at stake.
    public init(asset: String, amount: Int128, decimals: Int) {
        self.asset = asset
        self.amount = amount
        self.decimals = decimals
    }
}
