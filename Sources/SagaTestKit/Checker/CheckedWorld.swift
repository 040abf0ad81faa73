public import SagaEngine

/// Everything a checker is given: what the store holds, and what the counterparties say for themselves.
public struct CheckedWorld: Sendable {
    /// Every saga with its journal.
    public var sagas: [CheckedSaga]
    /// Every stored notice.
    public var notices: [StoredNotice]
    /// The ledger's lines in the order they were written.
    public var postings: [CheckedPosting]
    /// The counterparties' own journals.
    public var facts: [PartyFact]
    /// The calls that left, in order; empty where nobody watched them.
    public var calls: [SimulatedCall]
    /// The starts that were acknowledged.
    public var submitted: [SagaID]
    /// The notices that were acknowledged.
    public var acknowledged: [Simulation.NoticeStamp]
    /// What the business should have come to, worked out without the flows.
    public var offerings: [CheckedOffering]
    /// What must precede what in each flow.
    public var approvals: [CheckedApproval]
    /// What puts what back in each flow.
    public var compensations: [CheckedCompensation]

    /// Puts a world together.
    public init(
        sagas: [CheckedSaga], notices: [StoredNotice], postings: [CheckedPosting], facts: [PartyFact],
        calls: [SimulatedCall] = [], submitted: [SagaID] = [], acknowledged: [Simulation.NoticeStamp] = [],
        offerings: [CheckedOffering] = [], approvals: [CheckedApproval] = [],
        compensations: [CheckedCompensation] = []
    ) {
        self.sagas = sagas
        self.notices = notices
        self.postings = postings
        self.facts = facts
        self.calls = calls
        self.submitted = submitted
        self.acknowledged = acknowledged
        self.offerings = offerings
        self.approvals = approvals
        self.compensations = compensations
    }
}

/// What one investor's line should come to.
public struct CheckedLine: Sendable {
    /// The saga that funds it.
    public let funding: SagaID
    /// The saga that delivers its units.
    public let distribution: SagaID
    /// The account that holds what was paid.
    public let escrow: String
    /// The account that units go to.
    public let token: String
    /// What was paid, in minor units.
    public let paid: Int128
    /// What the allotted units cost, in minor units.
    public let payable: Int128
    /// The allotted units.
    public let units: Int128

    /// States a line's end.
    public init(
        funding: SagaID, distribution: SagaID, escrow: String, token: String, paid: Int128, payable: Int128,
        units: Int128
    ) {
        self.funding = funding
        self.distribution = distribution
        self.escrow = escrow
        self.token = token
        self.paid = paid
        self.payable = payable
        self.units = units
    }
}

extension CheckedWorld {
    /// Reads a finished simulation.
    public init(
        of simulation: Simulation, postings: (any SimulatedDisk) -> [CheckedPosting], offerings: [CheckedOffering],
        approvals: [CheckedApproval], compensations: [CheckedCompensation]
    ) async throws(StoreError) {
        let disk = simulation.disk
        var sagas: [CheckedSaga] = []
        for row in await simulation.rows() {
            sagas.append(CheckedSaga(row: row, journal: try await disk.journal(of: row.id, after: 0, limit: .max)))
        }
        var notices: [StoredNotice] = []
        while true {
            let page = try await disk.notices(
                NoticeQuery(offset: notices.count, limit: SagaQuery.maximumLimit))
            notices.append(contentsOf: page)
            if page.count < SagaQuery.maximumLimit { break }
        }
        self.init(
            sagas: sagas, notices: notices, postings: postings(disk), facts: simulation.parties.facts,
            calls: simulation.calls, submitted: simulation.submitted, acknowledged: simulation.acknowledged,
            offerings: offerings, approvals: approvals, compensations: compensations)
    }
}
