import Adapters
import SagaEngine
import SagaTestKit

/// A history of two sagas: SG-1 took notice `n1` as its proof and has ended, SG-2 was refused in notice `n2`.
enum EvidencedHistory {
    /// Changes behind the store's back that the chain alone does not see, and what each is found as. `finished` is
    /// where the rows of sagas are that have ended.
    static let forgeries: [(String, AuditFault.Code)] = [
        ("UPDATE finished SET status = 6 WHERE status = 5", .rowAltered),
        ("UPDATE finished SET output = CAST('2' AS bytea) WHERE status = 5", .rowAltered),
        ("UPDATE progress SET status = 6 WHERE status = 2", .rowAltered),
        ("DELETE FROM notice WHERE id = 'n1'", .noticeAltered),
        ("DELETE FROM notice WHERE id = 'n2'", .noticeAltered),
        ("UPDATE notice SET id = 'n9' WHERE id = 'n1'", .noticeAltered),
        ("UPDATE notice SET claim = CAST('s6:amount4:2.00' AS bytea) WHERE id = 'n1'", .noticeAltered),
        ("UPDATE notice SET claim = CAST('p4:soon6:amount4:1.00' AS bytea) WHERE id = 'n1'", .noticeAltered),
        ("UPDATE notice SET claim = CAST('s6:amount4:1.00' AS bytea) WHERE id = 'n2'", .noticeAltered),
        ("UPDATE notice SET standing = 2 WHERE id = 'n1'", .noticeAltered),
    ]

    static func write(to store: any SagaStore) async throws {
        let clock = SimulatedClock()
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claims = try await hand.held(["SG-1", "SG-2"], under: lease)
        let reason = RefusalReason(code: "frozen", message: "the account is\u{0}frozen")
        let first = try await notice("n1", .settled, about: "SG-1", in: store)
        let second = try await notice("n2", .refused(reason), about: "SG-2", in: store)
        let proof = #"{"number":\#(first),"id":"n1","order":"fund","facts":{"amount":"1.00"}}"#
        let refusal =
            #"{"reason":{"code":"frozen","message":"the account is\u0000frozen"},"by":"notice","notice":\#(second)}"#
        var taken = try await append(.notice, proof, to: "SG-1", claims[0], .carryOn, hand)
        taken.notices = [NoticeUse(number: first, standing: .consumed)]
        var refused = try await append(.refused, refusal, to: "SG-2", claims[1], .sleep(Wake()), hand)
        refused.notices = [NoticeUse(number: second, standing: .consumed)]
        try await commit(taken, to: store, under: lease)
        try await commit(refused, to: store, under: lease)
        let end = try await append(
            .outcome, #"{"status":"completed","output":"1"}"#, to: "SG-1", claims[0], .end(output: Array("1".utf8)),
            hand)
        try await commit(end, to: store, under: lease)
    }

    private static func notice(
        _ id: String, _ verdict: Notice.Verdict, about saga: String, in store: any SagaStore
    ) async throws -> Int64 {
        let claim = Notice.Claim(reference: "\(saga)/fund", verdict: verdict, facts: ["amount": "1.00"])
        let notice = Notice(source: "toy", id: id, claim: claim, body: [], headers: "")
        guard
            case .noticed(let number, _, _)? = try await store.commit([.notice(NewNotice(notice: notice))], under: nil)
                .first
        else { throw LawBroken("\(id) is not taken") }
        guard let saga = SagaID(rawValue: saga) else { throw LawBroken("\(saga) is no saga id") }
        _ = try await store.commit([.assign(NoticeAssignment(number: number, saga: saga))], under: nil)
        return number
    }

    private static func append(
        _ kind: EntryKind, _ body: String, to id: String, _ claim: Claim, _ disposition: Disposition, _ hand: StoreHand
    ) async throws -> Append {
        guard let row = try await hand.store.row(of: try hand.id(id)) else { throw LawBroken("no saga \(id)") }
        let (stage, body) = (StageName(rawValue: "fund"), Array(body.utf8))
        let link = row.head.next(
            sequence: row.sequence + 1, stage: stage, refusals: 0, kind: kind, at: hand.clock.now(), body: body,
            by: StoreHand.digest)
        let entry = JournalEntry(
            sequence: row.sequence + 1, stage: stage, refusals: 0, kind: kind, at: hand.clock.now(), body: body,
            link: link)
        let status: SagaStatus = kind == .outcome ? .completed : kind == .refused ? .waiting : .running
        return Append(
            saga: claim.number, right: .claim(fence: claim.fence), entries: [entry], disposition: disposition,
            standing: Standing(status: status))
    }

    private static func commit(_ append: Append, to store: any SagaStore, under lease: Lease) async throws {
        guard case .appended? = try await store.commit([.append(append)], under: lease).first else {
            throw LawBroken("it is not appended")
        }
    }
}
