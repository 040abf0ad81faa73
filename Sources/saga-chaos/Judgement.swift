internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine
internal import SagaTestKit
internal import SettlementFlows

/// What the independent checker is given after a campaign: our store and the counterparties' own journals.
struct Judgement {
    private(set) var violations: [String] = []
    private(set) var sagas = 0
    private(set) var entries = 0
    private(set) var effects = 0
    private(set) var notices = 0
    /// The ids of stored notices, by source.
    private(set) var stored: Set<String> = []

    /// What else the judge has to know.
    struct Circumstances {
        var offerings: [MadeUpOffering]
        /// Notices that the campaign itself has sent in a counterparty's name.
        var ownNotices: [(source: String, id: String)] = []
        /// Effects before this moment may stand without the intent that a restored copy has lost.
        var restoredUpTo: Timestamp?
    }

    /// Reads the store of a daemon that has ended, and judges.
    init(of theatre: Theatre, _ circumstances: Circumstances) async throws {
        try await self.init(of: theatre, in: try await Self.open(theatre), circumstances)
    }

    /// Reads a store that nobody writes to any more, judges, and closes it.
    init(of theatre: Theatre, in store: any ServiceStore, _ circumstances: Circumstances) async throws {
        do {
            let audit = try await store.verifyAudit()
            if let fault = audit.fault { violations.append("I15: \(fault)") }
            let facts = try Self.facts(theatre, circumstances)
            var world = try await Self.world(store, facts, circumstances)
            world.submitted = try circumstances.offerings.map { try SagaID(parsing: $0.id) }
            sagas = world.sagas.count
            entries = audit.entries
            notices = world.notices.count
            effects = facts.filter(\.isEffect).count
            stored = Set(world.notices.map { "\($0.notice.source) \($0.notice.id)" })
            violations += Checker(world, digest: SHA256Digest()).violations().map(\.description)
            // What was acknowledged after the copy was made went with the database that the copy has replaced.
            if circumstances.restoredUpTo == nil { violations += try lostNotices(theatre) }
            violations += Self.unfinished(world, circumstances)
            violations += Self.blindness(of: world)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    static func open(_ theatre: Theatre) async throws -> SQLiteStore {
        try await SQLiteStore.openForReading(
            SQLiteStoreConfiguration(
                path: theatre.database, clock: SystemClock(), digest: SHA256Digest(),
                handlers: FlowCatalogue.recordHandlers, anchorPath: "\(theatre.folder)/anchor"))
    }

    private static func world(
        _ store: any ServiceStore, _ facts: [PartyFact], _ circumstances: Circumstances
    ) async throws -> CheckedWorld {
        var sagas: [CheckedSaga] = []
        while true {
            let page = try await store.search(SagaQuery(offset: sagas.count, limit: SagaQuery.maximumLimit))
            for row in page.rows {
                let journal = try await store.journal(of: row.id, after: 0, limit: .max)
                sagas.append(CheckedSaga(row: row, journal: journal))
            }
            if page.rows.count < SagaQuery.maximumLimit { break }
        }
        var notices: [StoredNotice] = []
        while true {
            let page = try await store.notices(NoticeQuery(offset: notices.count, limit: SagaQuery.maximumLimit))
            notices += page
            if page.count < SagaQuery.maximumLimit { break }
        }
        return CheckedWorld(
            sagas: sagas, notices: notices, postings: try await postings(store), facts: facts,
            offerings: try circumstances.offerings.map(oracle), approvals: approvals)
    }

    private static func postings(_ store: any ServiceStore) async throws -> [CheckedPosting] {
        var postings: [CheckedPosting] = []
        var last: Int64 = 0
        while true {
            let lines = try await store.bookLines(of: LedgerHandler.log, after: last, limit: 5_000)
            for line in lines {
                let set = try JournalDecoder().decode(PostingSet.self, from: line.body)
                // Accounts are within one offering, so the offering is a part of their name here.
                postings.append(
                    CheckedPosting(
                        saga: line.cause.saga, stage: line.cause.stage,
                        lines: set.legs.map {
                            .init(account: "\($0.account)@\(set.offering)", asset: $0.asset, amount: $0.gain)
                        }))
            }
            guard let end = lines.last else { break }
            last = end.number
        }
        // A stage that posts nothing but notices to people changes no account.
        let changing = Set(postings.map { "\($0.saga)/\($0.stage)" })
        last = 0
        while true {
            let lines = try await store.bookLines(of: OutboxHandler.log, after: last, limit: 5_000)
            for line in lines where !changing.contains("\(line.cause.saga)/\(line.cause.stage)") {
                postings.append(CheckedPosting(saga: line.cause.saga, stage: line.cause.stage, lines: []))
            }
            guard let end = lines.last else { return postings }
            last = end.number
        }
    }

    /// The counterparties' own journals.
    private static func facts(_ theatre: Theatre, _ circumstances: Circumstances) throws -> [PartyFact] {
        var facts: [PartyFact] = []
        for name in ["custodian", "blockchain", "bank"] {
            let party = CounterpartyName(rawValue: name)
            let path = "\(theatre.folder)/counterparties/\(name).ndjson"
            for line in try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n")) {
                guard let event = PartyEvent(line: Array(line)) else {
                    throw TheatreFailure("\(path): no event: \(String(decoding: line, as: UTF8.self))")
                }
                if let fact = fact(event, party, circumstances.restoredUpTo) { facts.append(fact) }
            }
        }
        for own in circumstances.ownNotices {
            facts.append(
                PartyFact(
                    party: CounterpartyName(rawValue: own.source), reference: own.id, kind: .notice(id: own.id),
                    at: nil))
        }
        return facts
    }

    private static func fact(_ event: PartyEvent, _ party: CounterpartyName, _ restored: Timestamp?) -> PartyFact? {
        func known(_ at: Timestamp) -> Timestamp? { restored.map { at <= $0 } == true ? nil : at }
        switch event {
        case .accepted(let reference, _, let order, let at):
            return PartyFact(
                party: party, reference: reference, kind: .accepted(operation: order.operation, facts: order.facts),
                at: known(at))
        case .effect(let effect):
            return PartyFact(
                party: party, reference: effect.reference,
                kind: .effect(number: effect.number, operation: effect.order.operation, facts: effect.order.facts),
                at: known(effect.at))
        case .refused(let reference, let code, _, let at):
            return PartyFact(party: party, reference: reference, kind: .refused(code: code), at: at)
        case .noticeOwed(let id, let reference, _, _, let at):
            return PartyFact(party: party, reference: reference, kind: .notice(id: id), at: at)
        case .opened, .preloaded, .deposited, .standing, .attempted, .deferred, .noticeClosed: return nil
        }
    }

    /// Notices that a counterparty holds for acknowledged and the store does not have.
    private func lostNotices(_ theatre: Theatre) throws -> [String] {
        var lost: [String] = []
        for name in ["custodian", "bank"] {
            let path = "\(theatre.folder)/counterparties/\(name).ndjson"
            var references: [String: String] = [:]
            // Closed just now: by an acknowledgement, or because the next line owes the same in its place.
            var closed: [String] = []
            for line in try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n")) {
                switch PartyEvent(line: Array(line)) {
                case .noticeClosed(let id):
                    closed.append(id)
                    continue
                case .noticeOwed(let id, let reference, _, _, _):
                    closed.removeAll { references[$0] == reference }
                    references[id] = reference
                case .opened, .preloaded, .deposited, .standing, .attempted, .deferred, .accepted, .effect, .refused,
                    .none:
                    break
                }
                lost += closed.filter { !stored.contains("\(name) \($0)") }
                closed = []
            }
            lost += closed.filter { !stored.contains("\(name) \($0)") }
        }
        return lost.map { "I13: notice \($0) was acknowledged and is not stored" }
    }

    /// The same checker must see a doubled effect and a lost notice in this very world, or its silence means nothing.
    private static func blindness(of world: CheckedWorld) -> [String] {
        var spoiled = world
        if let effect = world.facts.first(where: \.isEffect) { spoiled.facts.append(effect) }
        if let used = world.notices.firstIndex(where: { $0.standing == .consumed }) { spoiled.notices.remove(at: used) }
        let seen = Set(Checker(spoiled, digest: SHA256Digest()).violations().map(\.invariant))
        return ["I2", "I13"].filter { !seen.contains($0) }.map { "harness: the checker is blind to planted \($0)" }
    }

    private static func unfinished(_ world: CheckedWorld, _ circumstances: Circumstances) -> [String] {
        let statuses = Dictionary(world.sagas.map { ($0.row.id.rawValue, $0.row.standing.status) }) { first, _ in first
        }
        return circumstances.offerings.compactMap { offering in
            let status = statuses[offering.id]
            return status == .completed
                ? nil : "I11: \(offering.id) did not finish by itself: \(status?.rawValue ?? "it is gone")"
        }
    }

    private static func oracle(_ offering: MadeUpOffering) throws -> CheckedOffering {
        CheckedOffering(
            saga: try SagaID(parsing: offering.id), issuer: offering.issuer, treasury: offering.treasury,
            lines: try offering.lines.map { line in
                CheckedLine(
                    funding: try SagaID(parsing: "\(offering.id)/fund/\(line.investor)"),
                    distribution: try SagaID(parsing: "\(offering.id)/distribute/\(line.investor)"),
                    escrow: line.escrow, token: line.token, paid: line.paid, payable: line.payable, units: line.units)
            })
    }

    private static let approvals = [
        approval(UnitDistribution.name, "delivered", ["post", "record"]),
        approval(OfferingSettlement.name, "minted", ["book", "recorded"]),
    ]

    private static func approval(_ flow: String, _ evidence: String, _ dependents: [String]) -> CheckedApproval {
        CheckedApproval(
            flow: flow, evidence: StageName(rawValue: evidence), dependents: dependents.map { StageName(rawValue: $0) })
    }
}

extension PartyFact {
    var isEffect: Bool {
        if case .effect = kind { true } else { false }
    }
}

extension SagaID {
    /// The id, or a failure that names the text.
    init(parsing text: String) throws(TheatreFailure) {
        guard let id = SagaID(rawValue: text) else { throw TheatreFailure("\(text) is no saga id") }
        self = id
    }
}
