public import SagaEngine

/// The counterparties as one deterministic value: their books, what is still to happen, and the faults on demand.
///
/// It has no clock, no sockets and no chance of its own: every call says what time it is, and every event it brings
/// about is handed out by ``takeEvents()`` before anybody may learn of it.
public struct SimulatedWorld: Sendable {
    /// The counterparties by name.
    public let profiles: [CounterpartyName: PartyProfile]
    /// Which faults strike, and how often they did.
    public var faults: FaultPlan
    private(set) var books: [CounterpartyName: PartyBook] = [:]
    private var agenda = Agenda<Action>()
    private var lanes: [Lane: LaneQueue] = [:]
    private var events: [(party: CounterpartyName, event: PartyEvent)] = []

    /// What the agenda holds.
    enum Action: Sendable {
        case complete(CounterpartyName, reference: String)
        case takeIn(CounterpartyName, reference: String)
        case send(NoticeDispatch)
    }

    private struct Lane: Hashable {
        var party: CounterpartyName
        var account: ByteText
    }

    /// The orders of one account, the one that is being worked on first.
    private struct LaneQueue {
        private var references: [String] = []
        private var head = 0

        var first: String? { head < references.count ? references[head] : nil }

        /// Queues an order; answers whether it is alone.
        mutating func append(_ reference: String) -> Bool {
            references.append(reference)
            return references.count - head == 1
        }

        mutating func removeFirst() {
            head += 1
            guard head > 64, head * 2 > references.count else { return }
            references.removeFirst(head)
            head = 0
        }
    }

    /// Counterparties with empty books.
    public init(profiles: [PartyProfile], faults: FaultPlan = FaultPlan()) {
        self.profiles = Dictionary(profiles.map { ($0.name, $0) }) { first, _ in first }
        self.faults = faults
        for profile in profiles { books[profile.name] = PartyBook() }
    }

    /// A counterparty's books.
    public func book(of party: CounterpartyName) -> PartyBook { books[party] ?? PartyBook() }

    /// When something is next to happen by itself.
    public var nextDue: Timestamp? { agenda.next }

    /// Hands out the events since the last time, in order; they must be durable before any answer or notice leaves.
    public mutating func takeEvents() -> [(party: CounterpartyName, event: PartyEvent)] {
        defer { events = [] }
        return events
    }

    /// Notes that an offering's accounts have been opened.
    public mutating func markPreloaded(_ offering: String, at party: CounterpartyName) {
        happen(.preloaded(offering: offering), at: party)
    }

    /// Opens an account.
    public mutating func open(_ account: String, at party: CounterpartyName) {
        if book(of: party).account(account) == nil { happen(.opened(account: account), at: party) }
    }

    /// Opens an account with something in it; `amount` in major units.
    public mutating func deposit(_ amount: String, _ asset: String, into account: String, at party: CounterpartyName) {
        open(account, at: party)
        happen(.deposited(account: account, asset: asset, amount: amount), at: party)
    }

    /// Freezes, unfreezes or closes an account.
    public mutating func set(_ account: String, _ standing: AccountStanding, at party: CounterpartyName) {
        happen(.standing(account: account, standing), at: party)
    }

    /// Takes up journals of an earlier run: the books as they were, and everything still owed goes on.
    public mutating func restore(_ journal: [PartyEvent], of party: CounterpartyName, at now: Timestamp) {
        for event in journal { fold(event, at: party) }
        for order in book(of: party).orders where order.record.state == .accepted {
            start(order.record.reference, order.record.order, at: party, now)
        }
        for (reference, deferral) in book(of: party).deferred.sorted(by: { $0.key < $1.key }) {
            agenda.note(.takeIn(party, reference: reference.rawValue), at: max(now, deferral.until))
        }
        for (id, notice) in book(of: party).owed.sorted(by: { $0.key < $1.key }) {
            if let dispatch = dispatch(id.rawValue, notice, at: party) { agenda.note(.send(dispatch), at: now) }
        }
    }

    // MARK: what the extensions build on

    mutating func happen(_ event: PartyEvent, at party: CounterpartyName) {
        precondition(profiles[party] != nil, "a counterparty that this world does not have")
        fold(event, at: party)
        events.append((party, event))
    }

    mutating func page(of party: CounterpartyName, after name: String, limit: Int) -> [String] {
        books[party]?.accountNames(after: name, limit: limit) ?? []
    }

    mutating func note(_ action: Action, at moment: Timestamp) {
        agenda.note(action, at: moment)
    }

    mutating func takeDue(at now: Timestamp) -> Action? {
        agenda.takeDue(at: now)
    }

    /// Starts working on an order, or queues it behind the others of its account.
    mutating func start(_ reference: String, _ order: SandboxOrder, at party: CounterpartyName, _ now: Timestamp) {
        guard let profile = profiles[party] else { return }
        if profile.queuesPerAccount, let account = order.lane {
            let lane = Lane(party: party, account: ByteText(account))
            guard lanes[lane, default: LaneQueue()].append(reference) else { return }
        }
        note(.complete(party, reference: reference), at: now + duration(of: reference, profile))
    }

    /// Ends the work on an order and starts the next one of its account.
    mutating func finish(_ reference: String, _ order: SandboxOrder, at party: CounterpartyName, _ now: Timestamp) {
        guard let profile = profiles[party], profile.queuesPerAccount, let account = order.lane else { return }
        let lane = Lane(party: party, account: ByteText(account))
        precondition(lanes[lane]?.first == reference, "an order was finished out of its turn")
        lanes[lane]?.removeFirst()
        guard let next = lanes[lane]?.first else {
            lanes[lane] = nil
            return
        }
        note(.complete(party, reference: next), at: now + duration(of: next, profile))
    }

    private func duration(of reference: String, _ profile: PartyProfile) -> Span {
        let jitter = UInt64(max(0, profile.completionJitter.milliseconds)) + 1
        let drawn = Int64(FaultDice.draw(faults.seed, "completion|\(profile.name)|\(reference)") % jitter)
        return .milliseconds(profile.completion.milliseconds + drawn)
    }

    private mutating func fold(_ event: PartyEvent, at party: CounterpartyName) {
        books[party]?.apply(event)
        guard case .effect(let effect) = event else { return }
        guard let holder = profiles[party]?.drawsOn else {
            books[party]?.move(effect.order)
            return
        }
        books[party]?.move(effect.order) { $0.gain > 0 }
        books[holder]?.move(effect.order) { $0.gain < 0 }
    }
}
