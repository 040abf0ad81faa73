import SagaEngine
import Testing

@testable import saga_runner

struct ShowReportTests {
    private func text(_ saga: JSONValue) -> String {
        ShowReport(saga: saga, ink: Ink(isOn: false), moments: Moments(now: StuckSaga.now)).text
    }

    @Test func `a stuck saga says why in words, with both amounts, the money exposed and what to type`() throws {
        #expect(
            text(try StuckSaga.json()) == """
                SG-TOWER-1/fund/INV-0000007  stuck
                investor-funding@1, version 7, past its point of no return
                started 2026-03-18 04:32:00 UTC, last change 2026-03-18 04:32:05 UTC (3 h 12 min ago)
                part of SG-TOWER-1

                Stuck at stage transferred: what came is not what was asked for
                  notice 118 of custodian contradicts what was asked for
                  amount  we asked for 2520.00   it says 2519.00
                  since 2026-03-18 04:32:05 UTC (3 h 12 min ago)
                  it is about notice 118: saga-runner notices show 118

                Money exposed: asked for and not yet proved
                  2520.00 SGD

                Stages
                  ✔ open
                  ◐ transfer     accepted, proof to come, by the custodian, 2 failed attempts, the last one http.timeout
                                 key SG-TOWER-1/fund/INV-0000007/transfer#0
                                 reference SG-TOWER-1:fund:INV-0000007:transfer~0, receipt c-42
                                 asset SGD, amount 2520.00
                  ✖ transferred
                  · record

                What you can do
                  the cause is mended: look again and go on:
                    saga-runner resume SG-TOWER-1/fund/INV-0000007 --reason TEXT
                  it has happened, or it was refused, and here is the proof:
                    saga-runner resolve SG-TOWER-1/fund/INV-0000007 --stage transferred --outcome settled \
                --evidence FILE --reason TEXT

                """)
    }

    @Test func `a whole names its stuck children and counts the others`() throws {
        let child = try StuckSaga.json()
        let saga: JSONValue = [
            "id": "SG-TOWER-1", "flow": "offering-settlement@1", "status": "waiting", "version": 20,
            "created_at": "2026-03-18T04:30:00.000Z", "updated_at": "2026-03-18T04:31:00.000Z", "exposures": [],
            "census": [
                "counts": ["completed": 960, "stuck": 3, "waiting": 1],
                "exposures": [["asset": "SGD", "amount": "2520.00"]],
            ],
            "stuck_children": .array([child]),
        ]
        let text = text(saga)
        #expect(text.contains("  with its children  2520.00 SGD\n  its own            nothing\n"))
        #expect(text.contains("itself included: 1 waiting, 3 stuck, 960 completed"))
        #expect(
            text.contains("stuck  SG-TOWER-1/fund/INV-0000007  transferred: amount asked 2520.00, told 2519.00"))
        #expect(text.contains("and 2 more: saga-runner list --status stuck --where under=SG-TOWER-1"))
    }

    @Test func `an action that cannot be carried out has no stage`() {
        let saga: JSONValue = [
            "id": "A", "status": "stuck", "exposures": [], "actions": ["resolve"],
            "predicament": [
                "cause": "impossible", "stage": "", "message": "m", "since": "2026-03-18T04:32:05.000Z",
                "mismatches": [],
            ],
        ]
        #expect(text(saga).contains("\nStuck: an operator's action cannot be carried out\n  m\n"), "\(text(saga))")
        #expect(text(saga).contains("--stage STAGE "))
        let whole: JSONValue = [
            "id": "B", "status": "waiting", "exposures": [], "census": ["counts": ["stuck": 1, "waiting": 1]],
            "stuck_children": .array([saga]),
        ]
        #expect(text(whole).contains("  stuck  A  m\n"), "\(text(whole))")
    }

    @Test func `each difficulty of a halt has a line of its own`() {
        func shown(_ message: String) -> String {
            text([
                "id": "A", "status": "stuck", "exposures": [],
                "predicament": [
                    "cause": "halted", "stage": "preflight", "message": .string(message),
                    "since": "2026-03-18T04:32:05.000Z", "mismatches": [],
                ],
            ])
        }
        #expect(
            shown(
                "preflight: 3 difficulties: ESC-1 holds 0.00 SGD, not the 5.00 SGD paid; DEP-2 is frozen; and 1 more; "
                    + "mend them and resume, or cancel"
            ).contains(
                """
                  preflight: 3 difficulties:
                    ESC-1 holds 0.00 SGD, not the 5.00 SGD paid
                    DEP-2 is frozen
                    and 1 more
                  mend them and resume, or cancel
                  since
                """))
        #expect(
            shown("other_way: A was called off: 1 movement: custodian, A:x~0: 5.00 SGD; cancel pays back the rest")
                .contains(
                    """
                      other_way: A was called off: 1 movement:
                        custodian, A:x~0: 5.00 SGD
                      cancel pays back the rest
                      since
                    """))
        #expect(shown("a: 1 thing; b").contains("  a: 1 thing; b\n  since"))
    }

    @Test func `a whole says how to list the children that wait`() {
        func shown(_ status: String, _ waiting: Int) -> String {
            text([
                "id": "SG-1", "status": .string(status), "exposures": [],
                "census": ["counts": ["waiting": .count(waiting), "completed": 9]],
            ])
        }
        let hint = "  2 wait: saga-runner list --where 'under=SG-1 and status=waiting'\n"
        #expect(shown("waiting", 3).contains(hint), "\(shown("waiting", 3))")
        #expect(shown("completed", 2).contains(hint))
        #expect(!shown("waiting", 1).contains(" wait: "))
    }

    @Test func `the money of a whole is said as its own and with its children`() throws {
        let saga: JSONValue = [
            "id": "A", "status": "waiting", "exposures": [["asset": "SGD", "amount": "20.00"]],
            "census": [
                "counts": ["waiting": 3],
                "exposures": [["asset": "DABS", "amount": "5"], ["asset": "SGD", "amount": "2520.00"]],
            ],
        ]
        #expect(
            text(saga).contains(
                """
                Money exposed: asked for and not yet proved
                  with its children  5 DABS, 2520.00 SGD
                  its own            20.00 SGD

                """))
    }

    @Test func `a word of a person that the counterparty overruled is shown with both`() {
        func shown(_ resolution: JSONValue) -> String {
            text([
                "id": "A", "status": "completed", "exposures": [],
                "stages": [["name": "transferred", "progress": "done", "failures": 0, "resolution": resolution]],
            ])
        }
        let asked: JSONValue = ["outcome": "refused", "actor": "ann", "word": "settled", "counterparty": "custodian"]
        #expect(shown(asked).contains("resolved as refused by ann; overruled by custodian: settled\n"))
        let same: JSONValue = ["outcome": "settled", "actor": "ann", "word": "settled", "counterparty": "custodian"]
        #expect(shown(same).contains("resolved as settled by ann; confirmed by custodian\n"))
        #expect(shown(["outcome": "settled", "actor": "ann"]).contains("resolved as settled by ann\n"))
    }

    @Test func `a counterparty that does not answer is named with its last call, and so are refused callbacks`() {
        let saga: JSONValue = [
            "id": "A", "status": "waiting", "exposures": [],
            "troubles": [
                [
                    "name": "custodian", "breaker_open": true, "failures": 20, "last_code": "connect",
                    "failing_since": "2026-03-18T04:32:05.000Z", "closed_until": "2026-03-18T07:44:10.000Z",
                ],
                [
                    "name": "bank", "failures": 0,
                    "refused_callbacks": [
                        "count": 1, "last_code": "webhook.stale", "last_at": "2026-03-18T07:44:00.000Z", "remedy": "",
                    ],
                ],
            ],
        ]
        #expect(
            text(saga).contains(
                """
                Counterparties in trouble
                  custodian     breaker open: 20 failures in a row since 2026-03-18 04:32:05 UTC (3 h 12 min ago), \
                last: connect; no call before 2026-03-18 07:44:10 UTC (in 5 s)
                  bank          1 callback refused since the last good one, the last one webhook.stale, \
                2026-03-18 07:44:00 UTC (5 s ago)

                """), "\(text(saga))")
    }

    @Test(arguments: [
        ("awaitingMoment", "  at 2026-03-18 07:44:10 UTC (in 5 s)\n"),
        ("awaitingNotice", "  asked again at 2026-03-18 07:44:10 UTC (in 5 s)\n"),
        ("overdue", "  asked again at 2026-03-18 07:44:10 UTC (in 5 s); it would still be taken\n"),
        ("awaitingRetry", "  tried again at 2026-03-18 07:44:10 UTC (in 5 s)\n"),
    ])
    func `what happens at the moment that is waited for depends on the wait`(cause: String, words: String) {
        let saga: JSONValue = [
            "id": "A", "status": "waiting", "exposures": [],
            "predicament": [
                "cause": .string(cause), "stage": "s", "message": "m", "since": "2026-03-18T04:32:05.000Z",
                "until": "2026-03-18T07:44:10.000Z",
            ],
        ]
        #expect(text(saga).contains(words), "\(text(saga))")
        #expect(!text(saga).contains("at the latest"))
    }

    @Test func `what was asked for is read from the request where no answer has confirmed it`() {
        let request = Array(#"{"reference":"r","operation":"transfer","asset":"SGD","from":"ESC-1","n":1}"#.utf8)
        #expect(SagaJSON.facts(of: request) == ["asset": "SGD", "from": "ESC-1"])
        #expect(SagaJSON.facts(of: Array("42".utf8)) == nil)
    }

    @Test func `how a cancelled saga ended is said in words`() {
        #expect(text(["id": "A", "status": "cancelled", "output": .null]).contains("discarded: it ended before"))
        #expect(text(["id": "A", "status": "cancelled", "output": ["x": "y"]]).contains("called off: what had been"))
    }

    @Test func `a way that was not taken is no stage ahead`() {
        let saga: JSONValue = [
            "id": "A", "status": "completed", "exposures": [],
            "stages": [["name": "close", "progress": "done"], ["name": "returnFunds", "progress": "not_taken"]],
        ]
        #expect(text(saga).contains("  ✔ close\n  – returnFunds  not taken\n"))
    }

    @Test func `an action that needs a second person says so`() {
        let saga: JSONValue = [
            "id": "A", "status": "stuck", "exposures": [], "actions": ["resume", "exclude"],
            "needs_second_person": ["exclude"], "exclusion": "its units are held",
        ]
        #expect(
            text(saga).contains(
                """
                    saga-runner resume A --reason TEXT
                  take this line out: its units are held
                  (needs a second person, so it is refused while single_handed is off):
                    saga-runner exclude A --reason TEXT
                """))
    }

    @Test func `what persons did is told with who, why, when and how it ended`() {
        let saga: JSONValue = [
            "id": "A", "status": "closed", "exposures": [],
            "prints": [
                [
                    "at": "2026-03-18T04:40:00.000Z", "actor": "ann", "role": "operator", "action": "exclude",
                    "saga": "A/fund/INV-1", "reason": "the investor has died", "outcome": "done",
                ],
                [
                    "at": "2026-03-18T04:32:00.000Z", "actor": "bob", "role": "operator", "action": "resume",
                    "saga": "A", "reason": "try", "outcome": "state",
                ],
            ],
        ]
        #expect(
            text(saga).contains(
                """
                What persons did, the newest first
                  exclude of A/fund/INV-1, by ann (operator), 2026-03-18 04:40:00 UTC (3 h 4 min ago)
                    the investor has died
                  resume, by bob (operator), 2026-03-18 04:32:00 UTC (3 h 12 min ago), refused: state
                    try

                """))
    }

    @Test func `a notice that contradicts what was taken stands above the money`() throws {
        let conflict: JSONValue = [
            "number": 12, "source": "custodian", "reference": "SG-1:mint~0", "verdict": "refused",
            "refusal": ["code": "declined", "message": "no"],
        ]
        let saga: JSONValue = ["id": "A", "status": "waiting", "exposures": [], "conflicts": .array([conflict])]
        #expect(
            text(saga).contains(
                """
                Contradicted
                  notice 12 of the custodian says refused: declined about SG-1:mint~0
                  nothing is undone; clear it up with the custodian: saga-runner notices show 12

                Money exposed
                """))
    }

    @Test func `a settlement that contradicts a refusal says what puts it aside`() throws {
        let conflict: JSONValue = [
            "number": 13, "source": "custodian", "reference": "SG-1:pay~0", "verdict": "settled", "refusal": .null,
            "facts": ["asset": "SGD", "amount": "0.01"],
        ]
        let saga: JSONValue = ["id": "A", "status": "stuck", "exposures": [], "conflicts": .array([conflict])]
        #expect(
            text(saga).contains(
                """
                Contradicted
                  notice 13 of the custodian says settled about SG-1:pay~0
                  asset SGD, amount 0.01
                  nothing is undone; clear it up with the custodian: saga-runner notices show 13
                  if that was refused, no action pays it again, or back, until this puts it aside:
                  saga-runner notices bind 13 --reason TEXT

                Money exposed
                """))
    }

    @Test func `nothing at stake is said, and an id that a shell would break is quoted`() {
        let saga: JSONValue = ["id": "A $(B)", "status": "waiting", "actions": ["retry"], "exposures": []]
        #expect(text(saga).contains("Money exposed  nothing"))
        #expect(text(saga).contains("saga-runner retry 'A $(B)' --reason TEXT"))
    }

    @Test func `colours are there only when asked for`() throws {
        let saga = try StuckSaga.json()
        let painted = ShowReport(saga: saga, ink: Ink(isOn: true), moments: Moments(now: StuckSaga.now)).text
        #expect(painted.contains("\u{1B}[31m"))
        #expect(!text(saga).contains("\u{1B}"))
    }
}
