/// What an entry says, read from its body or about to be written into one.
enum EntryContent: Sendable {
    case intent(IntentBody)
    case attempt(AttemptBody)
    case receipt(ReceiptBody)
    case refused(RefusedBody)
    case notice(NoticeBody)
    case found(FoundBody)
    case resolved(ResolvedBody)
    case value([UInt8])
    case slept
    case posted([UInt8])
    case spawned(SpawnedBody)
    case barrier(BarrierBody)
    case pivot
    case stuck(Predicament)
    case action(ActionBody)
    case outcome(OutcomeBody)

    /// Reads an entry's body.
    init(_ entry: JournalEntry) throws(CodecError) {
        let decoder = JournalDecoder()
        let body = entry.body
        switch entry.kind {
        case .intent: self = .intent(try IntentBody(from: body))
        case .attempt: self = .attempt(try decoder.decode(AttemptBody.self, from: body))
        case .receipt: self = .receipt(try decoder.read(ReceiptBody.self, from: body))
        case .refused: self = .refused(try decoder.decode(RefusedBody.self, from: body))
        case .notice: self = .notice(try decoder.read(NoticeBody.self, from: body))
        case .found: self = .found(try decoder.decode(FoundBody.self, from: body))
        case .resolved: self = .resolved(try decoder.decode(ResolvedBody.self, from: body))
        case .value: self = .value(body)
        case .slept: self = .slept
        case .posted: self = .posted(body)
        case .spawned: self = .spawned(try decoder.decode(SpawnedBody.self, from: body))
        case .barrier: self = .barrier(try decoder.decode(BarrierBody.self, from: body))
        case .pivot: self = .pivot
        case .stuck: self = .stuck(try decoder.decode(Predicament.self, from: body))
        case .action: self = .action(try decoder.decode(ActionBody.self, from: body))
        case .outcome: self = .outcome(try decoder.decode(OutcomeBody.self, from: body))
        }
    }

    /// The kind of entry this is written as.
    var kind: EntryKind {
        switch self {
        case .intent: .intent
        case .attempt: .attempt
        case .receipt: .receipt
        case .refused: .refused
        case .notice: .notice
        case .found: .found
        case .resolved: .resolved
        case .value: .value
        case .slept: .slept
        case .posted: .posted
        case .spawned: .spawned
        case .barrier: .barrier
        case .pivot: .pivot
        case .stuck: .stuck
        case .action: .action
        case .outcome: .outcome
        }
    }

    /// The body this is written as.
    func encoded() throws(CodecError) -> [UInt8] {
        var line = JSONLine()
        return try encoded(in: &line)
    }

    /// The same, put together in memory that has been used before.
    func encoded(in line: inout JSONLine) throws(CodecError) -> [UInt8] {
        let encoder = JournalEncoder()
        return switch self {
        case .intent(let body): body.encoded
        case .attempt(let body): try encoder.encode(body)
        case .receipt(let body): try encoder.line(body, in: &line)
        case .refused(let body): try encoder.encode(body)
        case .notice(let body): try encoder.line(body, in: &line)
        case .found(let body): try encoder.encode(body)
        case .resolved(let body): try encoder.encode(body)
        case .value(let bytes), .posted(let bytes): bytes
        case .slept, .pivot: []
        case .spawned(let body): try encoder.encode(body)
        case .barrier(let body): try encoder.encode(body)
        case .stuck(let body): try encoder.line(body, in: &line)
        case .action(let body): try encoder.encode(body)
        case .outcome(let body): try encoder.line(body, in: &line)
        }
    }
}
