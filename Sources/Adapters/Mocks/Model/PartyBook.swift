public import SagaEngine

/// A counterparty's own books: accounts, orders, effects and attempts, as the fold of its events.
public struct PartyBook: Sendable {
    /// The orders in the order they were taken in.
    public private(set) var orders: [Order] = []
    /// The effects in order.
    public private(set) var effects: [PartyEffect] = []
    /// How many requests about each reference reached the counterparty.
    public private(set) var attempts: [ByteText: Int] = [:]
    /// The notices that are still owed, by id.
    public private(set) var owed: [ByteText: OwedNotice] = [:]
    /// The offerings whose accounts were opened.
    public private(set) var preloaded: Set<ByteText> = []
    /// What persons have paid in, by reference.
    public private(set) var deposits: [ByteText: Deposit] = [:]
    /// How many notices have been made.
    public private(set) var noticeCount = 0
    /// The orders that were put aside, by reference.
    public private(set) var deferred: [ByteText: Deferral] = [:]
    private var accounts: [ByteText: Account] = [:]
    private var sortedNames: [String] = []
    private var positions: [ByteText: Int] = [:]
    private var families: [ByteText: [Int]] = [:]
    private var decimals: [ByteText: Int] = [:]

    /// An order that was taken in.
    public struct Order: Sendable, Equatable {
        /// What is known about it.
        public var record: SandboxRecord
        /// When it was taken in.
        public let acceptedAt: Timestamp
    }

    /// A notice that has not been acknowledged.
    public struct OwedNotice: Sendable, Equatable {
        /// The reference it is about.
        public let reference: String
        /// What it says became of it.
        public let state: SandboxRecord.State
        /// The amount it states, when that is not the truth.
        public let amount: String?
    }

    /// An order that was put aside.
    public struct Deferral: Sendable, Equatable {
        /// What is to be taken in.
        public let order: SandboxOrder
        /// When.
        public let until: Timestamp
    }

    /// Money that a person pays into an account.
    public struct Deposit: Sendable, Equatable {
        /// Where it goes.
        public let account: String
        /// The currency.
        public let asset: String
        /// How much, in major units.
        public let amount: String

        /// States a deposit.
        public init(account: String, asset: String, amount: String) {
            self.account = account
            self.asset = asset
            self.amount = amount
        }

        /// Whether both are of the same account, asset and amount, byte for byte.
        public static func == (left: Deposit, right: Deposit) -> Bool {
            left.account.isSameBytes(as: right.account) && left.asset.isSameBytes(as: right.asset)
                && left.amount.isSameBytes(as: right.amount)
        }
    }

    /// One account.
    public struct Account: Sendable, Equatable {
        /// Whether it may be used.
        public var standing = AccountStanding.open
        /// The balance of each asset, in ``SandboxAmount``'s scale.
        public var balances: [ByteText: Int128] = [:]
    }

    /// Empty books.
    public init() {}

    /// The order of a reference.
    public func order(_ reference: String) -> Order? {
        positions[ByteText(reference)].map { orders[$0] }
    }

    /// Up to `limit` orders of a family of references, in the order they were taken in, and the place of the next one.
    public func orders(of family: String, after place: Int, limit: Int) -> (page: [Order], next: Int?) {
        let positions = families[ByteText(family)] ?? []
        let start = min(max(0, place), positions.count)
        let end = min(start + max(0, limit), positions.count)
        return (positions[start..<end].map { orders[$0] }, end < positions.count ? end : nil)
    }

    /// An account, if it is open.
    public func account(_ name: String) -> Account? { accounts[ByteText(name)] }

    /// A page of the accounts' names in byte order, from the first one behind `name`.
    public mutating func accountNames(after name: String, limit: Int) -> [String] {
        // Accounts are never taken away, so the names are stale only when there are more accounts.
        if sortedNames.count != accounts.count {
            sortedNames = accounts.keys.sorted().map(\.rawValue)
        }
        let start = sortedNames.partitioningIndex { name.utf8.lexicographicallyPrecedes($0.utf8) }
        return Array(sortedNames[start...].prefix(max(0, limit)))
    }

    /// The balances of an account in major units, by asset in byte order.
    public func balances(of name: String) -> [SandboxAccount.Balance] {
        (accounts[ByteText(name)]?.balances ?? [:]).sorted { $0.key < $1.key }
            .map {
                .init(asset: $0.key.rawValue, amount: SandboxAmount.text($0.value, decimals: decimals[$0.key] ?? 0))
            }
    }

    /// What an account holds of an asset, in ``SandboxAmount``'s scale.
    public func balance(of name: String, in asset: String) -> Int128 {
        accounts[ByteText(name)]?.balances[ByteText(asset)] ?? 0
    }

    /// Lets an event have happened.
    public mutating func apply(_ event: PartyEvent) {
        switch event {
        case .opened(let account): if accounts[ByteText(account)] == nil { accounts[ByteText(account)] = Account() }
        case .preloaded(let offering): preloaded.insert(ByteText(offering))
        case .deposited(let account, let asset, let amount, let reference):
            if let reference {
                deposits[ByteText(reference)] = Deposit(account: account, asset: asset, amount: amount)
            }
            learnDecimals(asset, amount)
            accounts[ByteText(account), default: Account()].balances[ByteText(asset), default: 0] +=
                SandboxAmount(amount)?.scaled ?? 0
        case .standing(let account, let standing): accounts[ByteText(account), default: Account()].standing = standing
        case .attempted(let reference): attempts[ByteText(reference), default: 0] += 1
        case .deferred(let reference, let order, let until):
            deferred[ByteText(reference)] = Deferral(order: order, until: until)
        case .accepted(let reference, let id, let order, let at):
            deferred[ByteText(reference)] = nil
            positions[ByteText(reference)] = orders.count
            families[ByteText(SandboxReference.family(of: reference)), default: []].append(orders.count)
            let record = SandboxRecord(reference: reference, id: id, state: .accepted, order: order, occurredAt: at)
            orders.append(Order(record: record, acceptedAt: at))
        case .effect(let effect): settle(effect)
        case .refused(let reference, let code, let message, let at): refuse(reference, code, message, at)
        case .noticeOwed(let id, let reference, let state, let amount, _):
            noticeCount += 1
            owed[ByteText(id)] = OwedNotice(reference: reference, state: state, amount: amount)
        case .noticeClosed(let id): owed[ByteText(id)] = nil
        }
    }

    /// Moves what an order says, in the accounts that this book is concerned with.
    mutating func move(_ order: SandboxOrder, where isConcerned: (SandboxOrder.Movement) -> Bool = { _ in true }) {
        if let asset = order.facts["asset"], let amount = order.facts["amount"] { learnDecimals(asset, amount) }
        for movement in order.movements where isConcerned(movement) {
            accounts[ByteText(movement.account), default: Account()]
                .balances[ByteText(movement.asset), default: 0] += movement.gain
        }
    }

    private mutating func settle(_ effect: PartyEffect) {
        effects.append(effect)
        guard let position = positions[ByteText(effect.reference)] else { return }
        orders[position].record.state = .settled
        orders[position].record.occurredAt = effect.at
    }

    private mutating func refuse(_ reference: String, _ code: String, _ message: String, _ at: Timestamp) {
        guard let position = positions[ByteText(reference)] else { return }
        orders[position].record.state = .refused
        orders[position].record.code = code
        orders[position].record.message = message
        orders[position].record.occurredAt = at
    }

    private mutating func learnDecimals(_ asset: String, _ amount: String) {
        guard let stated = SandboxAmount(amount)?.decimals else { return }
        decimals[ByteText(asset)] = max(decimals[ByteText(asset)] ?? 0, stated)
    }
}

extension Array {
    /// The first index whose element satisfies a condition that holds from there on.
    fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
