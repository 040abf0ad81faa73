internal import SagaEngine
internal import SettlementFlows

/// Checks a subscription log as a whole in one sorted pass, and writes each investor's demand as the pass goes by.
///
/// Sorted by investor, subscription and line, every subscription's history stands together and every investor's
/// subscriptions do; the investors' own list is walked beside it. The faults on the lowest lines are thrown.
struct LogCheck {
    private let book: Int64
    private let offering: OfferingID
    private let events: Int64
    private let investors: Int64?

    private var faults: RowFaults?
    private var total = Units.zero
    private var investor = ""
    private var subscription = ""
    private var hasApplied = false
    private var live: (units: UInt64, since: Int64)?
    private var demand = Units.zero
    private var since = Int64.max

    init(book: Int64, offering: OfferingID, events: Int64, investors: Int64?) {
        self.book = book
        self.offering = offering
        self.events = events
        self.investors = investors
    }

    /// The sum of all demand; throws `badRows` when there are any.
    mutating func run(in connection: any TableConnection) throws -> Units {
        try connection.insert(into: "offering_demand", ["book", "investor_id", "units", "since"]) { insertion in
            guard let investors else { return try pass(beside: nil, insertion, in: connection) }
            try connection.walk(KnownInvestors.query, .integer(investors)) { walk in
                try pass(beside: KnownInvestors(walk), insertion, in: connection)
            }
        }
        try findRepeatedSubscriptions(in: connection)
        if let faults { throw OfferingBookError.badRows(try faults.map { try explained($0, in: connection) }) }
        return total
    }

    private mutating func pass(
        beside known: KnownInvestors?, _ insertion: any TableInsertion, in connection: any TableConnection
    ) throws {
        let rows = OfferingBookSchema.rows(of: events)
        var known = known
        try connection.walk(
            """
            SELECT investor_id, subscription_id, row, submitted_at, action, units FROM offering_event
            WHERE row BETWEEN ? AND ? ORDER BY investor_id, subscription_id, row
            """, rows.first, rows.last
        ) { walk in
            while let row = try walk.next() {
                let nextInvestor = row.text(0)
                let nextSubscription = row.text(1)
                let line = Int(row.int64(2) & Int64(OfferingBookSchema.lastLine))
                if !nextInvestor.isSameBytes(as: investor) {
                    try endInvestor(insertion)
                    investor = nextInvestor
                    subscription = nextSubscription
                    if try known?.contains(nextInvestor) == false {
                        note(line, 2, .unknownInvestor, "investor_id is not one of the investors")
                    }
                } else if !nextSubscription.isSameBytes(as: subscription) {
                    try endSubscription()
                    subscription = nextSubscription
                }
                try take(row, line: line)
            }
        }
        try endInvestor(insertion)
    }

    private mutating func take(_ row: any TableRow, line: Int) throws {
        guard let action = SubscriptionEvent.Action(number: row.int64(4)) else {
            throw OfferingBookDamage(table: "offering_event")
        }
        let units = UInt64(bitPattern: row.int64(5))
        switch action {
        case .apply:
            hasApplied = true
            live = (units, row.int64(3))
        case .amend, .cancel:
            guard let before = live else {
                let kind: RowFault.Kind = hasApplied ? .notLive : .otherInvestor
                note(line, 1, kind, "subscription_id names no live subscription to \(action.rawValue)")
                return
            }
            live = action == .amend ? (units, before.since) : nil
        }
    }

    private mutating func endSubscription() throws {
        if let live {
            demand = try sum(demand, Units(UInt128(live.units)))
            since = min(since, live.since)
        }
        live = nil
        hasApplied = false
    }

    private mutating func endInvestor(_ insertion: any TableInsertion) throws {
        try endSubscription()
        guard demand > .zero else { return }
        // Once a fault is known nothing will be kept, and the pass only looks for an earlier one.
        if faults == nil {
            try insertion.bind(1, book)
            try insertion.bind(2, investor)
            try insertion.bind(3, WideInteger.bytes(demand.count))
            try insertion.bind(4, since)
            try insertion.add()
        }
        total = try sum(total, demand)
        demand = .zero
        since = .max
    }

    /// Subscriptions that were applied for again, by the same investor or by another, whom the pass cannot see.
    private mutating func findRepeatedSubscriptions(in connection: any TableConnection) throws {
        let rows = OfferingBookSchema.rows(of: events)
        var previous: String?
        try connection.walk(
            """
            SELECT subscription_id, row FROM offering_event
            WHERE row BETWEEN ? AND ? AND action = 0 ORDER BY subscription_id, row
            """, rows.first, rows.last
        ) { walk in
            while let row = try walk.next() {
                let subscription = row.text(0)
                if let previous, previous.isSameBytes(as: subscription) {
                    note(
                        Int(row.int64(1) & Int64(OfferingBookSchema.lastLine)), 1, .duplicate,
                        "subscription_id has been applied for already; a new subscription needs a new id")
                }
                previous = subscription
            }
        }
    }

    private mutating func note(_ line: Int, _ column: Int, _ kind: RowFault.Kind, _ message: String) {
        let fault = RowFault(part: .subscriptions, line: line, column: column, kind: kind, message: message)
        guard faults != nil else { return faults = RowFaults(fault) }
        faults?.add(fault)
    }

    /// A subscription this investor never applied for is another's, or nobody's: one look through the log says which.
    private func explained(_ fault: RowFault, in connection: any TableConnection) throws -> RowFault {
        guard fault.kind == .otherInvestor else { return fault }
        let rows = OfferingBookSchema.rows(of: events)
        let row = TableValue.integer(events << OfferingBookSchema.lineBits | Int64(fault.line))
        let isAnothers = try connection.firstRow(
            """
            SELECT 1 FROM offering_event WHERE row BETWEEN ?1 AND ?2 AND action = 0
            AND subscription_id = (SELECT subscription_id FROM offering_event WHERE row = ?3) AND row < ?3
            """, rows.first, rows.last, row
        ) { _ in true }
        return isAnothers == nil
            ? RowFault(part: fault.part, line: fault.line, column: 1, kind: .notLive, message: fault.message)
            : RowFault(
                part: fault.part, line: fault.line, column: 2, kind: .otherInvestor,
                message: "investor_id is not the investor who applied for this subscription")
    }

    private func sum(_ left: Units, _ right: Units) throws(OfferingBookError) -> Units {
        do throws(MoneyError) {
            return try left.adding(right)
        } catch {
            throw .arithmetic(offering, error)
        }
    }
}
