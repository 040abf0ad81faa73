internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// Opens the accounts of an offering: each investor's escrow with what they paid, everything else empty.
struct OfferingPreload {
    private static let terms = "offering.json"
    let directory: String

    /// Opens the accounts, unless the journals say that it was done before.
    func open(in house: SandboxHouse) async throws(SandboxError) {
        let custodian = CounterpartyName(rawValue: SandboxParty.custodian.rawValue)
        let offering: Offering
        let accounts: [PaidAccounts]
        do {
            let path = "\(directory)/\(Self.terms)"
            offering = try OfferingFile.read(await FileReader(path: path).all(limit: OfferingFile.largestBytes))
            guard !house.read({ $0.book(of: custodian).preloaded.contains(ByteText(offering.id.rawValue)) }) else {
                return
            }
            accounts = try await SubscriptionSums(directory: directory).accounts()
        } catch {
            throw .offering(path: directory, reason: "\(error)")
        }
        try await house.change { world, _ in
            world.markPreloaded(offering.id.rawValue, at: custodian)
            world.open(offering.issuerAccount.rawValue, at: custodian)
            world.open(offering.treasuryAccount.rawValue, at: custodian)
        }
        let asset = offering.unitPrice.currency.rawValue
        for start in stride(from: 0, to: accounts.count, by: 1_000) {
            let page: [(PaidAccounts, String?)]
            do {
                page = try accounts[start...].prefix(1_000).map { accounts in
                    (accounts, accounts.units.count == 0 ? nil : try offering.unitPrice.times(accounts.units).text)
                }
            } catch {
                throw .offering(path: directory, reason: "\(error)")
            }
            try await house.change { world, _ in
                for (accounts, amount) in page {
                    for account in [accounts.deposit, accounts.token, accounts.escrow] {
                        world.open(account, at: custodian)
                    }
                    if let amount { world.deposit(amount, asset, into: accounts.escrow, at: custodian) }
                }
            }
        }
    }
}
