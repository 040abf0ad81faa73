internal import SagaEngine

/// Recomputes the audit chain from its beginning: every entry's link, every print, every seal, in the order of commits.
///
/// Pure: it is fed what stands in a database and says what is wrong with it. It keeps nothing but the end of the chain.
struct AuditVerifier: Sendable {
    private(set) var report: AuditReport
    private(set) var lastEntry: Int64 = 0
    private(set) var lastPrint: Int64 = 0
    private let digest: any Digest
    private let anchor: AuditAnchor?
    private let reach: AuditReach

    init(store: String, digest: any Digest, anchor: AuditAnchor?, reach: AuditReach = .everything) {
        self.digest = digest
        self.anchor = anchor
        self.reach = reach
        report = AuditReport(
            head: AuditHead(store: store, number: 0, at: Timestamp(milliseconds: 0), link: AuditHead.origin))
    }

    /// Takes the next seal with everything that stands between it and the seal before it; `false` when it is wrong.
    mutating func take(_ seal: AuditedSeal, _ entries: [AuditedEntry], _ prints: [AuditedPrint]) -> Bool {
        guard report.fault == nil else { return false }
        report.fault =
            fault(in: entries) ?? fault(in: prints, at: seal.at) ?? fault(in: seal, sealing: entries, prints)
        guard report.fault == nil else { return false }
        report.entries += entries.count
        report.prints += prints.count
        report.seals += 1
        report.head = AuditHead(
            store: report.head.store, number: seal.number, at: Timestamp(milliseconds: seal.at),
            link: ChainLink(bytes: seal.link))
        lastEntry = seal.lastEntry
        lastPrint = seal.lastPrint
        if let anchor, anchor.seal == seal.number, anchor.link != report.head.link.description {
            report.fault = AuditFault(code: .anchorDiffers, saga: nil, sequence: nil, number: seal.number)
        }
        return report.fault == nil
    }

    /// Says that there is no further seal, and what stands behind the last one.
    mutating func finish(unsealedEntries: Int, unsealedPrints: Int) {
        guard report.fault == nil else { return }
        if unsealedEntries > 0 || unsealedPrints > 0 {
            report.fault = AuditFault(code: .unsealed, saga: nil, sequence: nil, number: report.head.number)
        } else if let anchor, anchor.store != report.head.store {
            report.fault = AuditFault(code: .anchorDiffers, saga: nil, sequence: nil, number: anchor.seal)
        }
    }

    /// The report, once the rows too have been looked at: a chain that is right to its end may end too early.
    func finished() -> AuditReport {
        var report = report
        if report.fault == nil, let anchor, anchor.seal > report.head.number {
            report.fault = AuditFault(code: .olderThanAnchor, saga: nil, sequence: nil, number: anchor.seal)
        }
        return report
    }

    /// Takes a saga's row; `false` when it does not say what its journal says.
    mutating func take(_ row: AuditedRow) -> Bool {
        guard report.fault == nil else { return false }
        guard let id = SagaID(rawValue: row.id), isEnd(row, of: id), saysHowItEnded(row) else {
            report.fault = AuditFault(code: .rowAltered, saga: row.id, sequence: Int(row.sequence), number: nil)
            return false
        }
        report.sagas += 1
        return true
    }

    private func isEnd(_ row: AuditedRow, of id: SagaID) -> Bool {
        if let last = row.last { return row.sequence == last.sequence && row.head == last.link }
        guard let flow = row.flow else { return false }
        return row.sequence == 0
            && row.head == ChainLink.genesis(of: id, flow: flow, input: row.input, by: digest).bytes
    }

    /// Whether the row has the end that the journal has, or neither has one.
    private func saysHowItEnded(_ row: AuditedRow) -> Bool {
        guard reach == .everything else { return true }
        guard let last = row.last,
            case .end(let status, let output) = AuditedEvidence.testimony(of: last.kind, last.body)
        else {
            let isUnderWay = SagaStatus.allCases.contains { $0.storeCode == row.status && !$0.isTerminal }
            return isUnderWay && row.output == nil
        }
        return row.status == status.storeCode && row.output == output
    }

    /// Takes an entry that a notice is the reason for; `false` when the inbox has another notice there, or none.
    mutating func take(_ evidence: AuditedEvidence) -> Bool {
        guard report.fault == nil else { return false }
        if bears(evidence.notice, AuditedEvidence.testimony(of: evidence.kind, evidence.body)) { return true }
        report.fault = AuditFault(
            code: .noticeAltered, saga: evidence.saga, sequence: Int(evidence.sequence), number: nil)
        return false
    }

    private func bears(_ notice: AuditedEvidence.InboxRow?, _ testimony: EntryTestimony?) -> Bool {
        let isConsumed = notice?.standing == NoticeStanding.consumed.storeCode
        switch testimony {
        case .settled(_, let id, let facts):
            return isConsumed && notice?.id == id && notice?.claim?.verdict == .settled && notice?.claim?.facts == facts
        case .refused(.some, let reason):
            return isConsumed && notice?.claim?.verdict == .refused(reason)
        case .refused(nil, _), .end, .other: return true
        case nil: return false
        }
    }

    private func fault(in entries: [AuditedEntry]) -> AuditFault? {
        var number = lastEntry
        for entry in entries {
            number += 1
            guard entry.number == number else { return fault(.entryMissing, entry) }
            guard let saga = entry.saga else { return fault(.entryAltered, entry) }
            let previous: ChainLink
            if let stored = entry.previous {
                guard let link = stored.withUnsafeBytes({ ChainLink(stored: $0) }) else {
                    return fault(.entryAltered, entry)
                }
                previous = link
            } else if entry.sequence == 1, let beginning = entry.beginning, let id = SagaID(rawValue: saga) {
                previous = ChainLink.genesis(of: id, flow: beginning.flow, input: beginning.input, by: digest)
            } else {
                return fault(.entryMissing, entry)
            }
            guard let stage = entry.stage, let raw = UInt8(exactly: entry.kind), let kind = EntryKind(rawValue: raw),
                entry.refusals >= 0
            else { return fault(.entryAltered, entry) }
            let link = previous.next(
                sequence: Int(entry.sequence), stage: StageName(rawValue: stage), refusals: Int(entry.refusals),
                kind: kind, at: Timestamp(milliseconds: entry.at), body: entry.body, by: digest)
            guard link.bytes == entry.link else { return fault(.entryAltered, entry) }
        }
        return nil
    }

    private func fault(_ code: AuditFault.Code, _ entry: AuditedEntry) -> AuditFault {
        AuditFault(code: code, saga: entry.saga, sequence: Int(entry.sequence), number: entry.number)
    }

    private func fault(in prints: [AuditedPrint], at moment: Int64) -> AuditFault? {
        var number = lastPrint
        for print in prints {
            number += 1
            guard print.number == number, print.at == moment else {
                return AuditFault(code: .printAltered, saga: nil, sequence: nil, number: number)
            }
        }
        return nil
    }

    private func fault(
        in seal: AuditedSeal, sealing entries: [AuditedEntry], _ prints: [AuditedPrint]
    ) -> AuditFault? {
        guard seal.number == report.head.number + 1 else {
            return AuditFault(code: .sealMissing, saga: nil, sequence: nil, number: report.head.number + 1)
        }
        let isWhole =
            seal.lastEntry == lastEntry + Int64(entries.count) && seal.lastPrint == lastPrint + Int64(prints.count)
        var links: [ChainLink] = []
        links.reserveCapacity(entries.count + prints.count)
        var next = 0
        func add(printsAfter number: Int64) {
            while next < prints.count, prints[next].after <= number {
                links.append(ChainLink(bytes: digest.sha256(prints[next].text)))
                next += 1
            }
        }
        add(printsAfter: lastEntry)
        for entry in entries {
            links.append(ChainLink(bytes: entry.link))
            add(printsAfter: entry.number)
        }
        let link = report.head.link.sealing(links, at: Timestamp(milliseconds: seal.at), by: digest)
        guard isWhole, next == prints.count, link.bytes == seal.link else {
            return AuditFault(code: .sealBroken, saga: nil, sequence: nil, number: seal.number)
        }
        return nil
    }
}
