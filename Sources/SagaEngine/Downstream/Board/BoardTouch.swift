/// What a gate keeps of its visits to the board, beside what each counterparty's machine keeps.
struct BoardTouch: Sendable {
    /// How many visits have begun; the number of the last one.
    var visits: Int64 = 0
    /// The epoch of the lease under which room for money is used up.
    var lease: Int64?
    /// Room for money of each asset that has a limit.
    var rooms: [ByteText: SharedRoom] = [:]
    /// Which visit had begun last when a switch was turned here: what earlier ones hear is older than that.
    var touched: [CounterpartyName: Int64] = [:]
    /// Switches that an operator is turning here, and that nobody else's news turns meanwhile.
    var hands: [CounterpartyName: Int] = [:]
    /// Counterparties that were switched off here although that could not be noted down.
    var offUnnoted: Set<CounterpartyName> = []
    /// Who waits for a visit that has not begun, and for one that has.
    private var upcoming: [CheckedContinuation<Gate.Answer, Never>] = []
    private var visiting: [CheckedContinuation<Gate.Answer, Never>] = []
    /// How long the last visit took.
    var roundTrip = Span.zero
    /// No visit comes any more.
    private var isOver = false

    /// Has somebody wait for the visit that begins next; an answer when none does.
    mutating func wait(_ place: CheckedContinuation<Gate.Answer, Never>) -> Gate.Answer? {
        guard !isOver else { return .visited(false) }
        upcoming.append(place)
        return nil
    }

    /// Whether anybody waits for the visit that begins next.
    var isWanted: Bool { !upcoming.isEmpty }

    /// Begins a visit; whoever waits waits for it from now on.
    mutating func begin() {
        visits += 1
        visiting += upcoming
        upcoming = []
    }

    /// Ends the visit; answers who has waited for it.
    mutating func end() -> [CheckedContinuation<Gate.Answer, Never>] {
        defer { visiting = [] }
        return visiting
    }

    /// Ends all visits; answers who has waited for any.
    mutating func close() -> [CheckedContinuation<Gate.Answer, Never>] {
        isOver = true
        defer { (visiting, upcoming) = ([], []) }
        return visiting + upcoming
    }

    /// Whether what a visit has heard of a switch counts.
    func hears(_ party: CounterpartyName, in visit: Int64) -> Bool {
        hands[party, default: 0] == 0 && !offUnnoted.contains(party) && touched[party].map { $0 < visit } ?? true
    }
}
