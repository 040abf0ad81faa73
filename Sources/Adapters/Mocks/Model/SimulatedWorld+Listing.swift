public import SagaEngine

/// Listings: what reconciliation reads.
extension SimulatedWorld {
    /// A page of the orders in the order they were taken in; `after` is how many are skipped.
    public mutating func list(_ party: CounterpartyName, after: Int, limit: Int, at now: Timestamp) -> PartyReply {
        let page = FaultPlan.Call(party: party, verb: .list, operation: "list", reference: "after-\(after)")
        let rule = faults.strike(page, except: .listingLags)
        if let rule, let reply = refuseToLook(rule) { return reply }
        let orders = book(of: party).orders
        let known = orders.dropFirst(max(0, after)).prefix(max(0, limit))
        let listed = known.filter { order in
            let call = FaultPlan.Call(
                party: party, verb: .list, operation: order.record.order.operation, reference: order.record.reference)
            guard let rule = faults.strike(call, only: .listingLags) else { return true }
            return order.acceptedAt + rule.delay <= now
        }
        let next = known.endIndex < orders.endIndex ? String(known.endIndex) : nil
        return spoil(reply(200, SandboxDialect.page(of: listed.map(\.record), next: next)), by: rule, "list")
    }

    /// A page of the accounts in byte order of their names, with standing and balances.
    public mutating func accounts(of party: CounterpartyName, after name: String, limit: Int) -> PartyReply {
        let names = page(of: party, after: name, limit: limit + 1)
        let book = book(of: party)
        let accounts = names.prefix(max(0, limit)).map { name in
            SandboxAccount(
                name: name, standing: book.account(name)?.standing ?? .open, balances: book.balances(of: name))
        }
        let next = names.count > limit ? accounts.last?.name : nil
        return reply(200, SandboxDialect.page(of: accounts, next: next))
    }

    /// One account.
    public func account(_ name: String, of party: CounterpartyName) -> PartyReply {
        let book = book(of: party)
        guard let account = book.account(name) else {
            return reply(404, failure("not_found", "there is no such account", nil))
        }
        let shown = SandboxAccount(name: name, standing: account.standing, balances: book.balances(of: name))
        return reply(200, SandboxDialect.document(shown))
    }
}
