/// The journals within reach while something is decoded: where evidence is looked up by its address.
///
/// Only the engine puts a shelf into a decoder, so decoding evidence anywhere else fails. A journal that is not on the
/// shelf yet is noted in `missing`; the engine fetches it and decodes again.
final class EvidenceShelf: @unchecked Sendable {
    // Unchecked: a shelf belongs to one activation, which uses it from one isolation only; decoders keep it no longer.
    private var states: [SagaID: SagaState] = [:]
    /// The journal of the saga that decodes, lent for as long as it does so.
    private var own: (saga: SagaID, state: SagaState)?
    private(set) var missing: EvidenceAddress?

    static let key: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "saga.evidence") else { preconditionFailure("a constant key") }
        return key
    }()

    /// The proof of an instruction that a counterparty has.
    struct Proof {
        var instruction: [UInt8]
        var receipt: Receipt
        var facts: Facts
    }

    static func of(_ decoder: any Decoder) throws(EvidenceError) -> EvidenceShelf {
        if let own = decoder as? ValueDecoder, let shelf = own.reader.shelf { return shelf }
        // A type's own decoder may stand between, and hands on what it was given.
        guard let shelf = decoder.userInfo[key] as? EvidenceShelf else { throw EvidenceError(.outsideEngine) }
        return shelf
    }

    func put(_ state: SagaState, of saga: SagaID) {
        states[saga] = state
        if missing?.saga == saga { missing = nil }
    }

    /// Decodes what a saga reads, within reach of its own journal.
    func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], within state: SagaState, of saga: SagaID
    ) throws -> Value {
        own = (saga, state)
        missing = nil
        defer { own = nil }
        return try decode(type, from: bytes)
    }

    func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JournalDecoder().decode(type, from: bytes, within: self)
    }

    func receipt(at address: EvidenceAddress) throws(EvidenceError) -> Proof {
        let stage = try stage(at: address)
        guard let intent = stage.intent, let receipt = stage.receipt, stage.refusal == nil,
            stage.refusals == address.refusals
        else {
            throw EvidenceError(.notProved)
        }
        return Proof(
            instruction: intent.instruction, receipt: receipt.value.receipt, facts: receipt.value.receipt.facts)
    }

    func approval(at address: EvidenceAddress) throws(EvidenceError) -> Proof {
        guard let notice = try stage(at: address).notice else { throw EvidenceError(.notProved) }
        return try proof(of: notice.order, at: address, facts: notice.facts)
    }

    func settlement(at address: EvidenceAddress) throws(EvidenceError) -> Proof {
        let stage = try stage(at: address)
        if let notice = stage.notice { return try proof(of: notice.order, at: address, facts: notice.facts) }
        if let found = stage.found { return try proof(of: found.order, at: address, facts: found.receipt.facts) }
        if let resolved = stage.resolved { return try proof(of: resolved.order, at: address, facts: Facts([])) }
        throw EvidenceError(.notProved)
    }

    func posting(at address: EvidenceAddress) throws(EvidenceError) -> [UInt8] {
        guard let posted = try stage(at: address).posted else { throw EvidenceError(.notProved) }
        return posted
    }

    func barrier(at address: EvidenceAddress) throws(EvidenceError) -> BarrierBody {
        guard let barrier = try stage(at: address).barrier else { throw EvidenceError(.notProved) }
        return barrier
    }

    private func proof(
        of order: StageName, at address: EvidenceAddress, facts: Facts
    ) throws(EvidenceError) -> Proof {
        var proof = try receipt(
            at: EvidenceAddress(saga: address.saga, stage: order, refusals: address.refusals))
        proof.facts = facts
        return proof
    }

    private func stage(at address: EvidenceAddress) throws(EvidenceError) -> StageState {
        if let own, own.saga == address.saga { return own.state[address.stage] }
        guard let state = states[address.saga] else {
            missing = address
            throw EvidenceError(.notOnShelf)
        }
        return state[address.stage]
    }
}
