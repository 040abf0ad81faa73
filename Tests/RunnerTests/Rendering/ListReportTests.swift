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
                1 to 1 of 70; more with --offset 1

                """)
    }

    @Test func `a whole's own money is told from what its open children may have more`() {
        let row: JSONValue = [
            "id": "A", "status": "waiting", "exposures": [], "open_children": 12,
            "updated_at": "2026-03-18T04:31:00.000Z",
        ]
        #expect(text([row], total: 1).contains("waiting       A   - (+12 children)        since "))
    }

    @Test func `nothing found is said`() {
        #expect(text([], total: 0) == "no saga matches\n")
    }
}
