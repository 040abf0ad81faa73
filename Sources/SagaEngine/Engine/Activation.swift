/// One turn of a saga: its flow replayed against its journal until it ends, must wait, or needs a person.
///
/// Confined to the task that runs it. Once `ending` is set the activation is poisoned: every verb rethrows, whatever
/// the flow catches, and what the flow returns or throws no longer matters.
final class Activation {
    let engine: EngineServices
    let shelf = EvidenceShelf()
    var state: SagaState
    var draft = Draft()
    var notices: [StoredNotice]
    private(set) var ending: Ending?
    /// Why the turn's ending could not be written down, if it could not although the saga is ours.
    var unwritten: String?
    private(set) var asked: [StageName] = []
    /// What the gate counts as at stake because of this saga.
    var stakes: [Exposure]
    /// What room was reserved for since the store answered last.
    var reserved: [Exposure] = []
    /// What is at stake as the store has it.
    private var durableStakes: [Exposure]
    let loaded: LoadedSaga
    /// Whether this turn has said of any notice what becomes of it.
    private var hasDecided = false
    /// What is written in this turn is put together in one place, one text after the other.
    private let texts = JSONWriter(userInfo: [:], limits: .standard)
    /// What this turn has written: what the store refuses is taken back by reading the journal anew.
    private var written: [[JournalEntry]] = []

    var row: SagaRow { loaded.row }
    var id: SagaID { loaded.row.id }

    /// What has been decided in this turn and is not durable yet.
    struct Draft {
        var entries: [JournalEntry] = []
        var expectations: [Expectation] = []
        var notices: [NoticeUse] = []
        var records: [CausedRecord] = []
        var spawn: Spawn?
        /// What comes before the first entry that the store may refuse; `nil` when none may be refused.
        private(set) var firm: Firm?

        /// How many entries and notices.
        struct Firm {
            let entries: Int
            let notices: Int
        }

        /// What is decided from here on stands or falls with what the store says to it.
        mutating func dare() {
            if firm == nil { firm = Firm(entries: entries.count, notices: notices.count) }
        }

        /// What was decided before, such as a receipt, and has to be kept whatever the store refuses.
        var kept: Draft {
            guard let firm else { return self }
            return Draft(
                entries: Array(entries.prefix(firm.entries)), notices: Array(notices.prefix(firm.notices)))
        }
    }

    /// Why the turn is over.
    enum Ending {
        case asleep(Predicament, Wake)
        case trouble(Predicament, Wake)
        /// The books refused what a stage posted.
        case violation(RecordViolation, StageName)
        /// The runner is about to stop; the saga goes back as it is.
        case handedBack
        /// The saga is no longer ours, or the store failed; nothing more may be written.
        case lost
    }

    /// Thrown to leave the flow; carries nothing, since a flow may catch it.
    struct Unwinding: Error {}

    init(_ loaded: LoadedSaga, engine: EngineServices) throws(CodecError) {
        self.engine = engine
        notices = loaded.notices
        self.loaded = loaded
        state = try Self.state(of: loaded, and: [], by: engine.digest)
        stakes = state.exposures
        durableStakes = stakes
        asked.reserveCapacity(8)
    }

    private static func state(
        of loaded: LoadedSaga, and later: [JournalEntry], by digest: any Digest
    ) throws(CodecError) -> SagaState {
        guard loaded.row.head != .cut, !loaded.journal.contains(where: { $0.link == .cut }) else {
            throw CodecError(.typeMismatch, field: "link")
        }
        // A journal's first link has its beginning in it; that it is the right one is the audit's to check.
        let genesis =
            loaded.journal.isEmpty
            ? ChainLink.genesis(of: loaded.row.id, flow: loaded.row.flow, input: loaded.row.input, by: digest)
            : loaded.row.head
        return try SagaState(
            genesis: genesis, pivoted: loaded.inheritsPivot,
            journal: later.isEmpty ? loaded.journal : loaded.journal + later)
    }

    /// Tells the gate what is no longer at stake, now that the store knows it.
    private func releaseStakes() {
        let now = durableStakes
        guard now != stakes else { return }
        for stake in stakes { engine.gate.adjust(stake.asset, by: -stake.amount) }
        for exposure in now { engine.gate.adjust(exposure.asset, by: exposure.amount) }
        stakes = now
    }

    /// Tells the gate that the store has answered about what room was reserved for, or that it never will be asked.
    func settleReserved() {
        guard !reserved.isEmpty else { return }
        engine.gate.settle(reserved)
        reserved = []
    }

    // MARK: Poison

    /// Every verb begins here.
    func enter(_ stage: StageName, _ verb: StageVerb) throws {
        #if PLANTED_BUGS
            if Planted.is(.notPoisoned) { ending = nil }
        #endif
        guard ending == nil else { throw Unwinding() }
        guard !hasAsked(for: stage) else {
            throw trouble(.illegal, stage, "the flow asks for stage \(stage) twice; the flow must be mended")
        }
        asked.append(stage)
        engine.record(.stage(id, flow: row.flow, stage, verb, replayed: state.hasEvidence(of: stage)))
    }

    /// Whether the flow has asked for a stage in this turn.
    func hasAsked(for stage: StageName) -> Bool {
        var index = 0
        while index < asked.count {
            if asked[index] == stage { return true }
            index += 1
        }
        return false
    }

    func end(_ ending: Ending) -> Unwinding {
        if self.ending == nil { self.ending = ending }
        return Unwinding()
    }

    func trouble(
        _ cause: Predicament.Cause, _ stage: StageName, _ message: String, mismatches: [FactMismatch] = [],
        notice: Int64? = nil, until: Timestamp? = nil, awaits: Predicament.Proof? = nil
    ) -> Unwinding {
        let predicament = Predicament(
            cause: cause, stage: stage, message: message, since: engine.now(), until: until,
            attempts: state[stage].failures, mismatches: mismatches, notice: notice, awaits: awaits)
        return end(.trouble(predicament, Wake(at: until, onNotice: predicament.staysArmed)))
    }

    func sleep(
        _ cause: Predicament.Cause, _ stage: StageName, _ message: String, _ wake: Wake,
        awaits: Predicament.Proof? = nil
    ) -> Unwinding {
        let predicament = Predicament(
            cause: cause, stage: stage, message: message, since: engine.now(), until: wake.at,
            attempts: state[stage].failures, awaits: awaits)
        return end(.asleep(predicament, wake))
    }

    // MARK: Writing

    /// Decides an entry; it becomes durable with the next flush.
    func write(_ content: consuming EntryContent, _ stage: StageName) throws {
        let at = engine.now()
        let refusals = state[stage].refusals
        let body = try content.encoded(in: &texts.line)
        let link = state.head.next(
            sequence: state.sequence + 1, stage: stage, refusals: refusals, kind: content.kind, at: at, body: body,
            by: engine.digest, in: &texts.line)
        let entry = JournalEntry(
            sequence: state.sequence + 1, stage: stage, refusals: refusals, kind: content.kind, at: at, body: body,
            link: link)
        // A turn's usual draft: a receipt or notice, and the next intent.
        if draft.entries.isEmpty { draft.entries.reserveCapacity(3) }
        state.apply(content, of: entry)
        draft.entries.append(entry)
    }

    /// Makes the draft durable and keeps the saga.
    func flush() async throws {
        guard ending == nil else { throw Unwinding() }
        _ = try await append(.carryOn, standing(.running))
    }

    /// Writes the draft with what becomes of the saga; returns whether it is still ours.
    func append(_ disposition: Disposition, _ standing: Standing) async throws -> Bool {
        var draft = Draft()
        swap(&draft, &self.draft)
        let result: StoreResult
        do {
            result = try await engine.writes.commit(
                .append(
                    Append(
                        saga: row.number, right: .claim(fence: loaded.claim.fence), entries: draft.entries,
                        disposition: disposition, standing: standing, expectations: draft.expectations,
                        notices: draft.notices, records: draft.records, spawn: draft.spawn,
                        noticesSeen: noticesSeen(deciding: draft.notices))))
        } catch {
            #if PLANTED_BUGS
                if Planted.is(.swallowedError) {
                    durableStakes = state.exposures
                    return disposition == .carryOn
                }
            #endif
            engine.reportStoreTrouble(error)
            releaseStakes()
            // It may be durable, so the room stays taken for as long as this lease lasts.
            reserved = []
            throw end(.lost)
        }
        settleReserved()
        switch result {
        case .appended(let held):
            // A turn's usual count: a saga sends about twice between two waits.
            if written.isEmpty { written.reserveCapacity(4) }
            written.append(draft.entries)
            durableStakes = standing.exposures
            releaseStakes()
            return held
        case .violated(let violation):
            try keepWhatCameBefore(draft)
            ending = .violation(violation, draft.records.first?.cause.stage ?? .saga)
            throw Unwinding()
        case .fenced, .stale, .busy, .missing, .submitted, .exists, .noticed, .duplicate, .full, .claimed, .leased,
            .done:
            engine.record(.fenced(id))
            releaseStakes()
            throw end(.lost)
        }
    }

    /// Which notices need not keep the saga awake. It is read back once more while some were left out, for as long as
    /// that makes room for them: a turn that decides about none would decide about none again.
    private func noticesSeen(deciding uses: [NoticeUse]) -> Int64 {
        hasDecided = hasDecided || !uses.isEmpty
        guard let first = loaded.firstLeftOut, hasDecided else { return loaded.lastNotice }
        return first - 1
    }

    /// After a violation: an intent without its expectation, children that were not started and notices whose proof
    /// was not written must not stay behind.
    private func keepWhatCameBefore(_ refused: Draft) throws(CodecError) {
        draft = refused.kept
        state = try Self.state(of: loaded, and: written.flatMap(\.self) + draft.entries, by: engine.digest)
    }

    func standing(_ status: SagaStatus, _ predicament: Predicament? = nil) throws -> Standing {
        let shown: SagaStatus =
            switch state.mode {
            case .compensating, .discarding: status == .running || status == .waiting ? .compensating : status
            case .forward, .excluding: status
            }
        #if PLANTED_BUGS
            if Planted.is(.stuckWithoutReason) {
                return Standing(status: shown, exposures: state.exposures, pivoted: state.pivoted)
            }
        #endif
        return Standing(
            status: shown, predicament: try predicament.map { try JournalEncoder().line($0, in: &texts.line) } ?? [],
            exposures: state.exposures, pivoted: state.pivoted)
    }

    // MARK: Coding

    func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
        if let own = value as? any Encodable & JSONWritable { return try JournalEncoder().line(own) }
        return try JournalEncoder().encode(value, with: texts)
    }

    /// Lends the text of an instruction or a posting, to be compared with the one in the journal or kept.
    func withText<Value: Encodable & JSONWritable, Result>(
        of value: Value, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result {
        texts.line.clear()
        try JournalEncoder().write(value, to: &texts.line)
        return try body(texts.line.written)
    }

    /// An intent's body with an instruction in it.
    func intent<Order: Instruction>(
        _ order: Order, header: IntentBody.Header, wire: [UInt8]
    ) throws(CodecError) -> IntentBody {
        try IntentBody(header: header, wire: wire, in: &texts.line) { line throws(CodecError) in
            try JournalEncoder().write(order, to: &line)
        }
    }

    /// Decodes a value; journals of ancestors that its evidence points to are fetched as needed.
    func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) async throws -> Value {
        while true {
            do {
                return try shelf.decode(type, from: bytes, within: state, of: id)
            } catch {
                guard let address = shelf.missing, isAncestor(address.saga) else { throw error }
                shelf.put(try await engine.ancestor(at: address), of: address.saga)
            }
        }
    }

    func decodeInput<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        do {
            return try await decode(type, from: row.input)
        } catch let store as StoreError {
            throw store
        } catch {
            throw Halt(
                code: "input_unreadable", message: "the input of \(id) cannot be read as \(row.flow)'s: \(error)")
        }
    }

    private func isAncestor(_ saga: SagaID) -> Bool {
        id.rawValue.utf8.starts(with: "\(saga.rawValue)/".utf8)
    }
}

extension StageState {
    /// Whether the journal holds the stage's result.
    var isAnswered: Bool {
        receipt != nil || notice != nil || found != nil || resolved != nil || value != nil || slept || posted != nil
            || barrier != nil
    }
}
