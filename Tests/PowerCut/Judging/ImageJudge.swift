import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// Opens what a crash has left with the real store, and looks for everything that must not be.
struct ImageJudge {
    let folder: String
    let promises: Promises

    /// What is wrong; empty when nothing is.
    func violations() async -> [String] {
        let store: SQLiteStore
        do {
            store = try await SQLiteStore.open(
                SettlementWorkload.configuration(folder, SimulatedClock(now: promises.now)))
        } catch {
            return ["it cannot be opened: \(error)"]
        }
        var found: [String] = []
        do {
            found += try await damage(in: store)
            found += try await lost(in: store)
            found += try await imbalance(in: store)
            found += try await unintended(in: store)
        } catch {
            found.append("it cannot be read: \(error)")
        }
        await store.close()
        return found
    }

    /// The file, the hash chain and the journals as such.
    private func damage(in store: SQLiteStore) async throws -> [String] {
        var found: [String] = []
        let integrity = try await store.runOnWriter { connection in
            var lines: [String] = []
            try connection.forEachRow("PRAGMA integrity_check") { lines.append($0.text(0)) }
            try connection.forEachRow("PRAGMA foreign_key_check") { lines.append("a row of \($0.text(0)) hangs") }
            return lines
        }
        if integrity != ["ok"] { found.append("integrity: \(integrity.prefix(3))") }
        if let fault = try await store.verifyAudit().fault { found.append("audit: \(fault)") }
        let inspection = Inspection(
            archive: store, registry: FlowRegistry(), digest: CryptoDigest(), singleHanded: true)
        for row in try await rows(of: store) where try await inspection.snapshot(of: row.id) == nil {
            found.append("\(row.id) has a row and cannot be folded")
        }
        return found
    }

    /// What was acknowledged and is gone.
    private func lost(in store: SQLiteStore) async throws -> [String] {
        var found: [String] = []
        let rows = try await rows(of: store)
        let ids = Set(rows.map(\.id.rawValue))
        for saga in promises.sagas where !ids.contains(saga) { found.append("lost: saga \(saga)") }
        for (number, last) in promises.entries {
            guard let row = rows.first(where: { $0.number == number }) else {
                found.append("lost: saga number \(number)")
                continue
            }
            let entry = try await store.journal(of: row.id, after: last.sequence - 1, limit: 1).first
            if entry?.link.description != last.link { found.append("lost: entry \(last.sequence) of \(row.id)") }
        }
        let kept = Set(
            try await store.notices(NoticeQuery(limit: 10_000)).map {
                Promises.NoticeName(source: $0.notice.source.rawValue, id: $0.notice.id)
            })
        for notice in promises.notices where !kept.contains(notice) { found.append("lost: notice \(notice.id)") }
        let book = OfferingTables(on: store)
        if promises.isOfferingSealed, try await book.sealed(try SettlementWorkload.offering().id) == nil {
            found.append("lost: the offering")
        }
        return found
    }

    /// Postings that do not sum to zero, or stand without the stage that caused them.
    private func imbalance(in store: SQLiteStore) async throws -> [String] {
        var found: [String] = []
        var sums: [String: Int128] = [:]
        for line in try await store.bookLines(of: LedgerHandler.log, limit: 10_000) {
            let set = try JournalDecoder().decode(PostingSet.self, from: line.body)
            for leg in set.legs { sums[leg.asset, default: 0] += leg.gain }
            let journal = try await store.journal(of: line.cause.saga, after: 0, limit: 10_000)
            if !journal.contains(where: { $0.stage == line.cause.stage && $0.kind == .posted }) {
                found.append("\(line.cause.saga)/\(line.cause.stage) has posted what its journal does not know")
            }
        }
        for (asset, sum) in sums where sum != 0 { found.append("the postings of \(asset) come to \(sum)") }
        return found
    }

    /// Effects at counterparties that no durable intent precedes.
    private func unintended(in store: SQLiteStore) async throws -> [String] {
        var intended: Set<String> = []
        for row in try await rows(of: store) {
            for entry in try await store.journal(of: row.id, after: 0, limit: 10_000) where entry.kind == .intent {
                let key = IdempotencyKey(saga: row.id, stage: entry.stage, refusals: entry.refusals)
                intended.insert(SandboxReference.text(of: key))
            }
        }
        return promises.effects.subtracting(intended).sorted().map { "an effect without a durable intent: \($0)" }
    }

    private func rows(of store: SQLiteStore) async throws -> [SagaRow] {
        try await store.search(SagaQuery(limit: 500)).rows
    }
}
