import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// What a writer remembers of the sagas in its hands, against what has become of them meanwhile.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLRemembranceTests {
    @Test func `a saga that an operator has changed behind its slow holder is lost to it`() async throws {
        try await ScratchSchema.withRivals { one, other, clock, _ in
            let hand = StoreHand(store: one, clock: clock)
            let lease = try await hand.lease()
            let claim = try #require(try await hand.held(["S-1"], under: lease).first)
            _ = try await one.commit([.append(try await hand.append(to: "S-1", claim))], under: lease)
            // The lease is over, and nobody has taken it over: the row alone shows what has happened.
            clock.advance(by: .hours(2))
            let sequence = try #require(try await other.row(of: try hand.id("S-1"))).sequence
            let told = Append(
                saga: claim.number, right: .version(sequence), entries: [], disposition: .sleep(Wake()),
                standing: Standing(status: .waiting))
            guard case .appended = try await other.commit([.append(told)], under: nil).first else {
                Issue.record("an operator may not act on a saga whose holder's lease is over")
                return
            }
            let late = Append(
                saga: claim.number, right: .claim(fence: claim.fence), entries: [], disposition: .end(output: [49]),
                standing: Standing(status: .completed))
            let result = try await one.commit([.append(late)], under: lease).first
            guard case .fenced = result else {
                Issue.record("a holder that has lost its saga ends it: \(String(describing: result))")
                return
            }
            #expect(try await other.row(of: try hand.id("S-1"))?.standing.status == .waiting)
        }
    }

    @Test func `a notice that comes between looking and sleeping keeps its saga awake`() async throws {
        try await ScratchSchema.withRivals { one, other, clock, schema in
            let hand = StoreHand(store: one, clock: clock)
            let lease = try await hand.lease()
            let claim = try #require(try await hand.held(["S-1"], under: lease).first)
            _ = try await one.commit([.append(try await hand.append(to: "S-1", claim))], under: lease)
            // As a runner on another machine that has locked the row for its notice.
            let rival = try Rival(in: schema)
            try rival.run(
                """
                BEGIN;
                SELECT 1 FROM progress WHERE number = \(claim.number) FOR NO KEY UPDATE;
                INSERT INTO name(text) VALUES ('custodian') ON CONFLICT DO NOTHING;
                """)
            let sleep = try await hand.append(to: "S-1", claim, count: 0, .sleep(Wake(onNotice: true)))
            async let slept = one.commit([.append(sleep)], under: lease)
            try await rival.untilSomebodyWaits()
            try rival.run(
                """
                INSERT INTO notice(number, standing, saga, source, variant, at, id, reference, claim, headers, body)
                SELECT nextval('notice_number'), 0, \(claim.number), number, 0, 0, 'n-1', 'r-1', '', '', ''
                FROM name WHERE text = 'custodian';
                COMMIT;
                """)
            guard case .appended(let isHeld) = try await slept.first else {
                Issue.record("the append is refused")
                return
            }
            #expect(isHeld, "asleep over a notice that it has not looked at")
        }
    }

    @Test func `a notice that an append of the same batch adopts is not there to be bound any longer`() async throws {
        try await ScratchSchema.withRivals { one, _, clock, _ in
            let hand = StoreHand(store: one, clock: clock)
            let lease = try await hand.lease()
            let claim = try #require(try await hand.held(["S-1"], under: lease).first)
            _ = try await one.commit([.submit(try hand.seed("S-2"))], under: nil)
            let notice = Notice(
                source: "custodian", id: "n-1", claim: Notice.Claim(reference: "r-1", verdict: .settled, facts: [:]),
                body: [1], headers: "")
            let kept = try await one.commit([.notice(NewNotice(notice: notice))], under: nil).first
            guard case .noticed(let number, .orphan, _) = kept else {
                Issue.record("the notice is no orphan")
                return
            }
            var append = try await hand.append(to: "S-1", claim)
            let key = IdempotencyKey(saga: try hand.id("S-1"), stage: StageName(rawValue: "fund"), refusals: 0)
            append.expectations = [Expectation(source: "custodian", reference: "r-1", key: key)]
            let binding = NoticeAssignment(number: number, saga: try hand.id("S-2"), print: nil)
            let results = try await one.commit([.append(append), .assign(binding)], under: lease)
            guard case .appended = results[0], case .stale = results[1] else {
                Issue.record("\(results)")
                return
            }
            #expect(try await one.notices(NoticeQuery(saga: try hand.id("S-1"))).map(\.number) == [number])
        }
    }

    @Test func `what changes with every stage is in no index`() async throws {
        let schema = ScratchSchema()
        let store = try await PostgresStore.open(try schema.configuration())
        let connection = try PostgresConnection(url: try #require(ScratchSchema.url), application: "saga-runner tests")
        let columns = PostgresStatement(
            "indexed_columns",
            """
            SELECT DISTINCT a.attname::text FROM pg_index i
                JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                    AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
            WHERE i.indrelid = $1::text::regclass ORDER BY 1
            """)
        // Keys and conditions both: an update of any of them writes every index of the table. The fence changes with
        // the holder.
        let progress = try connection.run(columns, .text("\(schema.name).progress")).rows.map { $0.text(0) }
        #expect(progress == ["fence", "flow", "holder", "number", "ready", "spawned", "stuck", "wake"])
        let notice = try connection.run(columns, .text("\(schema.name).notice")).rows.map { $0.text(0) }
        #expect(notice == ["id", "number", "odd", "reference", "saga", "source", "variant"])
        await store.close()
        try schema.drop()
    }
}
