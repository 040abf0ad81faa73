public import SagaEngine

/// Listings: what reconciliation reads.
extension SimulatedWorld {
    /// A page of the orders in the order they were taken in; `after` is how many are skipped.
    ///
    /// With `under`, of those alone whose references are of that family.
    public mutating func list(
        _ party: CounterpartyName, under family: String? = nil, after: Int, limit: Int, at now: Timestamp
    ) -> PartyReply {
        let page = FaultPlan.Call(party: party, verb: .list, operation: "list", reference: "after-\(after)")
        let rule = faults.strike(page, except: .listingLags)
        if let rule, let reply = refuseToLook(rule) { return reply }
        let (known, next) = orders(of: party, under: family, after: after, limit: limit)
        let listed = known.filter { order in
            let call = FaultPlan.Call(
                party: party, verb: .list, operation: order.record.order.operation, reference: order.record.reference)
            guard let rule = faults.strike(call, only: .listingLags) else { return true }
            return order.acceptedAt + rule.delay <= now
        }
        let body = SandboxDialect.page(of: listed.map(\.record), next: next.map(String.init))
        return spoil(reply(200, body), by: rule, "list")
    }

    /// What is known about some references; it does not lag behind.
    public mutating func lookUp(_ references: [String], at party: CounterpartyName) -> PartyReply {
        let call = FaultPlan.Call(
            party: party, verb: .list, operation: "lookup", reference: references.first ?? "")
        let rule = faults.strike(call, except: .listingLags)
        if let rule, let reply = refuseToLook(rule) { return reply }
        let book = book(of: party)
        let known = references.compactMap { book.order($0)?.record }
        return spoil(reply(200, SandboxDialect.page(of: known, next: nil)), by: rule, "lookup")
    }

    private func orders(
        of party: CounterpartyName, under family: String?, after: Int, limit: Int
    ) -> (page: [PartyBook.Order], next: Int?) {
        let book = book(of: party)
        if let family { return book.orders(of: family, after: after, limit: limit) }
        let page = book.orders.dropFirst(max(0, after)).prefix(max(0, limit))
        return (Array(page), page.endIndex < book.orders.endIndex ? page.endIndex : nil)
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
