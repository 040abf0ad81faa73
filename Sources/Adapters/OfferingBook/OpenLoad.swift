internal import SagaEngine
internal import SettlementFlows

/// What is known of a load between its pages: enough to check order and to digest the rows as they come.
struct OpenLoad {
    let offering: OfferingID
    let part: OfferingPart
    private(set) var rows = 0
    private(set) var lastTime: Int64 = .min
    private var lastLine = 0
    private var digest = FieldDigest()
    private var watches = SharedAccounts.Column.allCases.map(SharedAccounts.Watch.init)

    init(offering: OfferingID, part: OfferingPart) {
        self.offering = offering
        self.part = part
    }

    /// The columns of accounts that are not in order, and so may hold one twice.
    var unorderedColumns: [SharedAccounts.Column] { watches.filter { !$0.isAscending }.map(\.column) }

    /// Whether an account of one column can stand in another one, too.
    var columnsMeet: Bool {
        watches.indices.contains { index in watches[(index + 1)...].contains { $0.meets(watches[index]) } }
    }

    var contentDigest: ContentDigest { digest.content }

    /// Takes an investor into the digest, and looks whether the accounts are in order.
    mutating func admit(_ numbered: Numbered<Investor>) throws(OfferingBookError) {
        try count(line: numbered.line)
        let investor = numbered.row
        let accounts = investor.accounts
        for index in watches.indices { watches[index].see(investor) }
        digest.feed([
            investor.id.rawValue, investor.name, investor.email, accounts.escrow.rawValue, accounts.deposit.rawValue,
            accounts.token.rawValue, accounts.tokenAddress.rawValue, investor.bankAccount, investor.bankBIC,
        ])
    }

    /// Takes a row of the log into the digest; its time must not be before the row above.
    mutating func admit(_ numbered: Numbered<SubscriptionEvent>) throws(OfferingBookError) {
        try count(line: numbered.line)
        let event = numbered.row
        guard event.submittedAt.milliseconds >= lastTime else {
            throw .badRow(
                RowFault(
                    part: part, line: numbered.line, column: 3, kind: .timeOrder,
                    message: "submitted_at must not be before the row above; the log is in time order"))
        }
        lastTime = event.submittedAt.milliseconds
        digest.feed([
            event.subscription.rawValue, event.investor.rawValue, String(lastTime), event.action.rawValue,
            String(event.units),
        ])
    }

    private mutating func count(line: Int) throws(OfferingBookError) {
        precondition(line > lastLine, "rows come in file order")
        guard line <= OfferingBookSchema.lastLine else {
            throw .badRow(
                RowFault(
                    part: part, line: line, column: 1, kind: .tooManyRows,
                    message: "a file may have at most \(OfferingBookSchema.lastLine) lines"))
        }
        lastLine = line
        rows += 1
    }
}
