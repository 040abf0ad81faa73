import SagaEngine
import Testing

@testable import saga_runner

struct ListReportTests {
    private func text(_ rows: [JSONValue], total: Int64, offset: Int = 0) -> String {
        let page: JSONValue = ["offset": .count(offset), "limit": 50, "total": .count(total)]
        return ListReport(
            answer: Answer(data: .array(rows), page: page), offset: offset, ink: Ink(isOn: false),
            moments: Moments(now: StuckSaga.now)
        ).text
    }

    @Test func `a stuck saga is one line with the money exposed and both amounts`() throws {
        #expect(
            text([try StuckSaga.json()], total: 70) == """
                STATUS        SAGA                         EXPOSED                 WHY
                stuck         SG-TOWER-1/fund/INV-0000007  2520.00 SGD             transferred: amount asked 2520.00, \
                told 2519.00 (3 h 12 min ago)
                1 to 1 of 70; more with --offset 1; what needs a person first: --status stuck

                """)
    }

    @Test func `a whole's own money is told from what its open children may have more`() {
        let row: JSONValue = [
            "id": "A", "status": "waiting", "exposures": [], "open_children": 12,
            "updated_at": "2026-03-18T04:31:00.000Z",
        ]
        #expect(text([row], total: 1).contains("waiting       A     - (+12 children)        since "))
    }

    @Test func `a whole that waits says how many of its children are stuck`() {
        let rows: [JSONValue] = [
            [
                "id": "A", "status": "waiting", "exposures": [], "open_children": 12, "stuck_below": 3,
                "updated_at": "2026-03-18T04:31:00.000Z",
            ],
            ["id": "B", "status": "completed", "exposures": [], "updated_at": "2026-03-18T04:31:00.000Z"],
        ]
        #expect(
            text(rows, total: 2).hasPrefix(
                """
                STATUS                   SAGA  EXPOSED                 WHY
                waiting (3 stuck below)  A     - (+12 children)        since 2026-03-18 04:31:00 UTC
                completed                B     -                       since 2026-03-18 04:31:00 UTC
                """))
    }

    @Test(arguments: [
        ("awaitingMoment", "waits for a moment, 2026-03-19 02:00:00 UTC (in 18 h 15 min) (3 h 12 min ago)"),
        ("awaitingNotice", "waits for the counterparty's notice (3 h 12 min ago)"),
    ])
    func `a wait for a moment says which one`(cause: String, words: String) {
        let row: JSONValue = [
            "id": "A", "status": "waiting", "exposures": [], "updated_at": "2026-03-18T04:31:00.000Z",
            "predicament": [
                "cause": .string(cause), "stage": "allotmentDay", "since": "2026-03-18T04:32:05.000Z",
                "until": "2026-03-19T02:00:00.000Z", "mismatches": [],
            ],
        ]
        #expect(text([row], total: 1).contains("allotmentDay: \(words)\n"), "\(text([row], total: 1))")
    }

    @Test func `a halt says how many difficulties there are, and the first`() {
        let row: JSONValue = [
            "id": "A", "status": "stuck", "exposures": [], "updated_at": "2026-03-18T04:31:00.000Z",
            "predicament": [
                "cause": "halted", "stage": "preflight", "since": "2026-03-18T04:32:05.000Z", "mismatches": [],
                "message":
                    "preflight: 3 difficulties: INV-1's escrow account ESC-1 is blocked; INV-2; INV-3; mend them",
            ],
        ]
        #expect(
            text([row], total: 1).contains(
                "  preflight: 3 difficulties: INV-1's escrow account ESC-1 is blocked (3 h 12 min ago)\n"))
    }

    @Test func `an action that cannot be carried out is told by its sentence, and by no stage`() {
        let row: JSONValue = [
            "id": "A", "status": "stuck", "exposures": [], "updated_at": "2026-03-18T04:31:00.000Z",
            "predicament": [
                "cause": "impossible", "stage": "", "since": "2026-03-18T04:32:05.000Z", "mismatches": [],
                "message":
                    "A cannot be called off so, because money has moved: 1 movement: custodian, A:x~0: 5.00 SGD; resume",
            ],
        ]
        #expect(
            text([row], total: 1).contains(
                "  A cannot be called off so, because money has moved: 1 movement: custodian, A:x~0: 5.00 SGD "
                    + "(3 h 12 min ago)\n"), "\(text([row], total: 1))")
    }

    @Test func `a saga that was discarded is told from one that was called off`() {
        let rows: [JSONValue] = [
            [
                "id": "A", "status": "cancelled", "exposures": [], "output": .null,
                "updated_at": "2026-03-18T04:31:00.000Z",
            ],
            [
                "id": "B", "status": "cancelled", "exposures": [], "output": ["outcome": "cancelled"],
                "updated_at": "2026-03-18T04:31:00.000Z",
            ],
        ]
        let text = text(rows, total: 2)
        #expect(text.contains("cancelled (discarded)   A "), "\(text)")
        #expect(text.contains("cancelled (called off)  B "), "\(text)")
    }

    @Test func `a list that goes on says how to see first what needs a person`() throws {
        let page: JSONValue = ["offset": 0, "limit": 50, "total": 70]
        let row = try StuckSaga.json()
        func footer(_ isByStatus: Bool) -> String {
            ListReport(
                answer: Answer(data: .array([row]), page: page), offset: 0, isByStatus: isByStatus,
                ink: Ink(isOn: false), moments: Moments(now: StuckSaga.now)
            ).text
        }
        #expect(footer(false).hasSuffix("with --offset 1; what needs a person first: --status stuck\n"))
        #expect(footer(true).hasSuffix("with --offset 1\n"))
    }

    @Test func `nothing found is said`() {
        #expect(text([], total: 0) == "no saga matches\n")
    }
}
