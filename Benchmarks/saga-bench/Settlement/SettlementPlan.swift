/// How an offering is settled, whatever its size.
struct SettlementPlan {
    /// The program that is measured.
    let program: String
    /// Where a folder for everything is made.
    let directory: String
    let place: BenchPlace
    /// How many daemons share the database.
    let runners: Int
    /// How many sagas each has in memory at a time; as many as the program does when it is not said.
    let inFlight: Int?
    let limits: CounterpartyLimits
    /// How long the custodian takes over an order, in milliseconds; an account's orders go one after the other.
    let completion: Int
}
