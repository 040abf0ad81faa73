/// What an `intent` entry holds: who is told what, in which exact bytes.
///
/// Three lines: a header as JSON, the instruction as JSON, and the wire's body as it is; the last is empty when the
/// wire carries the instruction's own bytes.
///
/// A reference: it is read by every replay and never changed.
final class IntentBody: Sendable, Equatable {
    /// The entry's body, in which everything else lies.
    let encoded: [UInt8]
    /// What the first line says, once it has been read: a replay needs it of the few intents that are still open.
    let known: Header?
    private let instructionStart: Int
    private let wireStart: Int

    struct Header: Codable, Sendable, Equatable {
        var to: CounterpartyName
        var kind: String
        var reference: String
        var operation: String
        var lane: String?
        var exposure: Exposure?
    }

    private init(encoded: [UInt8], known: Header?, instructionStart: Int, wireStart: Int) {
        self.encoded = encoded
        self.known = known
        self.instructionStart = instructionStart
        self.wireStart = wireStart
    }

    convenience init(header: Header, instruction: [UInt8], wire: [UInt8]) throws(CodecError) {
        var line = JSONLine()
        try self.init(header: header, wire: wire, in: &line) { $0.append(instruction) }
    }

    /// Puts a body together at the beginning of `line`; the instruction writes itself.
    convenience init(
        header: Header, wire: [UInt8], in line: inout JSONLine,
        instruction: (inout JSONLine) throws(CodecError) -> Void
    ) throws(CodecError) {
        line.clear()
        try header.write(to: &line)
        line.append(UInt8(ascii: "\n"))
        let instructionStart = line.count
        try instruction(&line)
        let end = line.count
        line.append(UInt8(ascii: "\n"))
        let wireStart = line.count
        if !line.holds(wire, from: instructionStart, to: end) { line.append(wire) }
        self.init(encoded: line.bytes, known: header, instructionStart: instructionStart, wireStart: wireStart)
    }

    /// Takes a body as stored; its header is read when it is asked for.
    convenience init(from body: [UInt8]) throws(CodecError) {
        guard let first = ByteScan.newline(in: body, from: 0), let second = ByteScan.newline(in: body, from: first + 1)
        else {
            throw CodecError(.unexpectedEnd)
        }
        self.init(encoded: body, known: nil, instructionStart: first + 1, wireStart: second + 1)
    }

    /// What the first line says.
    func header() throws(CodecError) -> Header {
        if let known { return known }
        return try JournalDecoder().read(Header.self, from: encoded, upTo: instructionStart - 1)
    }

    /// Our reference in the counterparty's format.
    func reference() throws(CodecError) -> String {
        if let reference = known?.reference { return reference }
        return try header().reference
    }

    /// Which of the counterparty's operations it is.
    func operation() throws(CodecError) -> String {
        if let operation = known?.operation { return operation }
        return try header().operation
    }

    /// What it puts at stake, as far as its header has been read.
    var exposure: Exposure? { known?.exposure }

    /// The same with its header read once and for all.
    func withHeader() throws(CodecError) -> IntentBody {
        IntentBody(
            encoded: encoded, known: try header(), instructionStart: instructionStart, wireStart: wireStart)
    }

    /// The instruction as the flow made it.
    var instruction: [UInt8] { Array(encoded[instructionStart..<(wireStart - 1)]) }

    /// Whether the flow makes the same instruction again.
    func holds(instruction text: UnsafeBufferPointer<UInt8>) -> Bool {
        encoded.withUnsafeBytes { encoded in
            ByteScan.equal(
                UnsafeRawBufferPointer(rebasing: encoded[instructionStart..<(wireStart - 1)]),
                UnsafeRawBufferPointer(text))
        }
    }

    /// What the counterparty is sent, byte for byte.
    var wire: [UInt8] { wireStart < encoded.count ? Array(encoded[wireStart...]) : instruction }

    func request(as key: IdempotencyKey) throws(CodecError) -> WireRequest {
        let header = try header()
        return WireRequest(
            key: key, reference: header.reference, operation: header.operation, lane: header.lane, body: wire)
    }

    static func == (left: IntentBody, right: IntentBody) -> Bool { left.encoded == right.encoded }
}

/// What a `receipt` entry holds.
struct ReceiptBody: Codable, Sendable, Equatable {
    var receipt: Receipt
    var by: CallVerb
    /// What went over the wire: for people, and so `nil` in what is read for a replay.
    var exchange: Exchange?
}

/// What a `refused` entry holds.
struct RefusedBody: Codable, Sendable, Equatable {
    var reason: RefusalReason
    var by: CallVerb
    var exchange: Exchange?
    var notice: Int64?
}

/// What an `attempt` entry holds.
struct AttemptBody: Codable, Sendable, Equatable {
    var verb: CallVerb
    var result: Result
    var code: String
    var next: Timestamp?
    var exchange: Exchange?

    enum Result: String, Codable, Sendable {
        case notDelivered, unknown, absent, notYetKnown, promised, failed
        /// The request is about to be sent again, after its absence was proved.
        case resending
    }

    /// Whether this counts towards the retry policy's limit.
    var isFailure: Bool {
        switch result {
        case .notDelivered, .unknown, .notYetKnown, .failed: true
        case .absent, .promised, .resending: false
        }
    }
}

/// What a `notice` entry holds: which notice proved what.
struct NoticeBody: Codable, Sendable, Equatable {
    var number: Int64
    var id: String
    var order: StageName
    var facts: Facts
}

/// What a `found` entry holds: what the counterparty said when asked.
struct FoundBody: Codable, Sendable, Equatable {
    var order: StageName
    var receipt: Receipt
    var exchange: Exchange
}

/// What a `resolved` entry holds: what persons brought as evidence.
struct ResolvedBody: Codable, Sendable, Equatable {
    var order: StageName
    var evidence: String
    var actor: String
    /// What was asked for, and so has happened by their word; entries of earlier versions do not say it.
    var facts: Facts?
}

/// What a `spawned` entry holds.
struct SpawnedBody: Codable, Sendable, Equatable {
    var source: String
    var cursor: ElementID?
    var count: Int
    var isLast: Bool
}

/// What an `action` entry holds.
struct ActionBody: Codable, Sendable, Equatable {
    var action: OperatorAction
    var actor: String
    var role: String
    var reason: String
    var version: Int
}

/// What an `outcome` entry holds, before its output.
struct OutcomeBody: Codable, Sendable, Equatable {
    var status: SagaStatus
    var output: String
}

/// What is said to a counterparty, or done in a step.
public enum CallVerb: String, Codable, Sendable, CaseIterable {
    /// An instruction was sent.
    case deliver
    /// The counterparty was asked about a key.
    case find
    /// The counterparty was asked to send a notice again.
    case requestNotice
    /// The counterparty told us by itself.
    case notice
    /// A local step was carried out.
    case step
}
