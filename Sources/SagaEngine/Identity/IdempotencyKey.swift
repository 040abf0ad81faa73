/// The one identity of an external effect: the saga, the stage, and how often that stage was provably refused.
///
/// Retries, crashes, operator actions, upgrades and restores never make a new key; only a refusal that the counterparty
/// itself has proved raises `refusals`. The same key always carries the same bytes.
public struct IdempotencyKey: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The saga that causes the effect.
    public let saga: SagaID
    /// The stage of that saga.
    public let stage: StageName
    /// How many refusals of this stage the counterparty has proved so far, from 0.
    public let refusals: Int

    /// Names an effect.
    public init(saga: SagaID, stage: StageName, refusals: Int) {
        self.saga = saga
        self.stage = stage
        self.refusals = refusals
    }

    /// `saga/stage#n`, from which each adapter renders the key into its party's format.
    public var description: String { Self.text(saga, stage, refusals) }

    /// Put together by hand, since every instruction and every wait is named by it.
    static func text(_ saga: SagaID, _ stage: StageName, _ refusals: Int) -> String {
        var line = JSONLine(capacity: saga.rawValue.utf8.count + stage.rawValue.utf8.count + 24)
        line.append(utf8Of: saga.rawValue)
        line.append(UInt8(ascii: "/"))
        line.append(utf8Of: stage.rawValue)
        line.append(UInt8(ascii: "#"))
        line.append(digitsOf: refusals)
        return String(decoding: line.written, as: UTF8.self)
    }
}
