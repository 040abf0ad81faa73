/// Something that only the engine makes, from what a counterparty has proved; it crosses the journal by reference.
///
/// Encoding evidence writes the address of the journal entry that proves it; decoding looks that entry up, and works
/// only inside the engine. A flow can neither construct nor decode evidence.
public protocol Evidence: Codable, Sendable, JSONWritable {
    /// Where the journal proves it.
    var address: EvidenceAddress { get }
}

/// The place of the journal entry that proves something.
public struct EvidenceAddress: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The saga whose journal holds the entry.
    public let saga: SagaID
    /// The stage the entry belongs to.
    public let stage: StageName
    /// The stage's proven refusals at that point.
    public let refusals: Int

    /// `saga/stage#n`.
    public var description: String { IdempotencyKey.text(saga, stage, refusals) }

    /// Writes the three parts as an object.
    public func encode(to encoder: any Encoder) throws {
        // Every instruction with evidence in it is written again at each replay: straight into the engine's own text.
        if let own = encoder as? ValueEncoder {
            return try own.writer.appendLine(self, start: own.start)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(saga, forKey: .saga)
        try container.encode(stage, forKey: .stage)
        try container.encode(refusals, forKey: .refusals)
    }

    enum CodingKeys: String, CodingKey {
        case saga, stage, refusals
    }
}

extension EvidenceAddress: JSONWritable {
    /// Writes the three parts as an object.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("saga", saga.rawValue)
            line.member("stage", stage.rawValue)
            line.member("refusals", refusals)
        }
    }
}
