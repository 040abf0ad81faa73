public import SagaEngine
public import SettlementFlows

extension MockWorld {
    /// The three parties as they understand this business's instructions, and no others.
    public var settlementParties: [any Counterparty] {
        let mapping: SandboxOrder.Mapping = { instruction throws(Unrenderable) in
            guard Parties.recognise(instruction) else { throw Unrenderable("it is none of this business's own") }
            return try SandboxOrder.plain(instruction)
        }
        return [Parties.custodian, Parties.blockchain, Parties.bank].map {
            counterparty($0, instructions: Parties.instructions(for: $0), mapping: mapping)
        }
    }

    /// What the parties moved under our references, read as an adapter reads it: faults strike it.
    public var movementBooks: some MovementBooks {
        var sources: [CounterpartyName: any SandboxRecordSource] = [:]
        for party in [Parties.custodian, Parties.blockchain, Parties.bank] {
            sources[party] = MockRecordSource(world: self, party: party)
        }
        return SandboxMovements(sources: sources)
    }

    /// Opens every account that settling an offering touches, each escrow account with what its investor paid.
    ///
    /// - Parameters:
    ///   - book: The offering.
    ///   - unpaid: Investors whose money never came; their escrow accounts are there, and empty.
    /// - Throws: When what a line pays does not fit 128 bits.
    public func openAccounts(
        of book: MemoryOfferingBook, unpaid: Set<String> = []
    ) throws(OfferingBookError) {
        let lines = try book.allotments()
        let currency = book.offering.unitPrice.currency.rawValue
        change { world in
            world.open(book.offering.issuerAccount.rawValue, at: Parties.custodian)
            world.open(book.offering.treasuryAccount.rawValue, at: Parties.custodian)
            for line in lines {
                guard let accounts = book.investors[line.investor]?.accounts else { continue }
                world.open(accounts.escrow.rawValue, at: Parties.custodian)
                if !unpaid.contains(line.investor.rawValue) {
                    world.deposit(line.paid.text, currency, into: accounts.escrow.rawValue, at: Parties.custodian)
                }
                world.open(accounts.deposit.rawValue, at: Parties.custodian)
                world.open(accounts.token.rawValue, at: Parties.custodian)
            }
        }
    }
}
