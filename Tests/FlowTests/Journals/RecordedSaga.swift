import SagaEngine

/// One saga of a recorded run, as it was when it had ended.
struct RecordedSaga: Sendable, Equatable {
    /// Everything but the journal.
    struct Head: Codable, Sendable, Equatable {
        let saga: SagaID
        let flow: String
        let input: String
        let status: SagaStatus
        let pivoted: Bool
        let exposures: [Exposure]
        let output: String
        var parent: SagaID?
        var stage: StageName?
        var element: ElementID?
    }

    /// One entry of the journal.
    struct Entry: Codable, Sendable, Equatable {
        let sequence: Int
        let kind: UInt8
        let stage: StageName
        let refusals: Int
        let at: Timestamp
        let body: String
        let link: String
    }

    let head: Head
    var entries: [Entry]

    init(head: Head, entries: [Entry] = []) {
        self.head = head
        self.entries = entries
    }

    /// A saga that has ended, with its whole journal.
    init(_ row: SagaRow, _ journal: [JournalEntry]) {
        head = Head(
            saga: row.id, flow: row.flow.description, input: String(decoding: row.input, as: UTF8.self),
            status: row.standing.status, pivoted: row.standing.pivoted, exposures: row.standing.exposures,
            output: String(decoding: row.output ?? [], as: UTF8.self), parent: row.parent, stage: row.origin?.stage,
            element: row.origin?.element)
        entries = journal.map {
            Entry(
                sequence: $0.sequence, kind: $0.kind.rawValue, stage: $0.stage, refusals: $0.refusals, at: $0.at,
                body: String(decoding: $0.body, as: UTF8.self), link: $0.link.description)
        }
    }

    var flow: FlowID? { FlowID(head.flow) }
    var input: [UInt8] { Array(head.input.utf8) }

    /// The journal as a store holds it; entries of unknown kinds and links that are no digests are left out.
    var journal: [JournalEntry] {
        entries.compactMap { entry in
            guard let kind = EntryKind(rawValue: entry.kind), let link = Self.bytes(entry.link) else { return nil }
            return JournalEntry(
                sequence: entry.sequence, stage: entry.stage, refusals: entry.refusals, kind: kind, at: entry.at,
                body: Array(entry.body.utf8), link: ChainLink(bytes: link))
        }
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = hex.compactMap(\.hexDigitValue)
        guard digits.count == 64, hex.count == 64 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// The sequence of the first entry whose link does not follow from what is before it; `nil` when all do.
    func firstBadLink(by digest: some Digest) -> Int? {
        guard let flow, journal.count == entries.count else { return 0 }
        var link = ChainLink.genesis(of: head.saga, flow: flow, input: input, by: digest)
        for (index, entry) in journal.enumerated() {
            link = link.next(
                sequence: index + 1, stage: entry.stage, refusals: entry.refusals, kind: entry.kind, at: entry.at,
                body: entry.body, by: digest)
            if link != entry.link { return entry.sequence }
        }
        return nil
    }

    /// The row that a store would have when only so many entries are written.
    func row(number: SagaNumber, flow: FlowID, after count: Int) -> SagaRow {
        let known = journal.prefix(count)
        let isOver = count == entries.count
        let genesis = ChainLink.genesis(of: head.saga, flow: flow, input: input, by: JournalReplay.digest)
        let origin = head.stage.flatMap { stage in head.element.map { SagaRow.Origin(stage: stage, element: $0) } }
        let moment = known.last?.at ?? Timestamp(milliseconds: 0)
        return SagaRow(
            number: number, id: head.saga, flow: flow, input: input, parent: head.parent, origin: origin,
            sequence: known.count, head: known.last?.link ?? genesis,
            standing: Standing(
                status: isOver ? head.status : .running, exposures: isOver ? head.exposures : [],
                pivoted: head.pivoted),
            wakeAt: nil, openChildren: 0, output: isOver ? Array(head.output.utf8) : nil, createdAt: moment,
            updatedAt: moment)
    }
}
