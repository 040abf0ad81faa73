import SagaEngine

/// A saga stuck on a wrong amount, as the API describes it.
enum StuckSaga {
    static let now = Timestamp(milliseconds: 1_773_808_325_000 + 11_520_000)

    static func json() throws -> JSONValue {
        try JSONValue.parse(
            """
            {"id":"SG-TOWER-1/fund/INV-0000007","flow":"investor-funding@1","status":"stuck","version":7,"pivoted":true,
             "predicament":{"cause":"mismatch","stage":"transferred",
              "message":"notice 118 of custodian contradicts what was \
            asked for","since":"2026-03-18T04:32:05.000Z","attempts":0,
              "mismatches":[{"name":"amount","expected":"2520.00","actual":"2519.00"}],"notice":118},
             "exposures":[{"asset":"SGD","amount":"2520.00"}],"parent":"SG-TOWER-1","open_children":0,
             "created_at":"2026-03-18T04:32:00.000Z","updated_at":"2026-03-18T04:32:05.000Z",
             "stages":[
              {"name":"open","progress":"done","failures":0},
              {"name":"transfer","progress":"accepted","key":"SG-TOWER-1/fund/INV-0000007/transfer#0",
               "counterparty":"custodian","reference":"SG-TOWER-1:fund:INV-0000007:transfer~0","receipt":"c-42",
               "failures":2,"last_failure":"http.timeout","facts":{"asset":"SGD","amount":"2520.00"}},
              {"name":"transferred","progress":"begun","failures":0},{"name":"record","progress":"ahead","failures":0}],
             "census":{"counts":{"stuck":1},"exposures":[{"asset":"SGD","amount":"2520.00"}]},
             "actions":["resume","resolve"],"stuck_children":[]}
            """)
    }
}
