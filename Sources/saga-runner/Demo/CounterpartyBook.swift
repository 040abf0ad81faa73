internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// One counterparty's balances, read back over HTTP.
struct CounterpartyBook: Sendable {
    private let accounts: [String: SandboxAccount]
    /// How many orders are on its list.
    let orders: Int

    static func read(_ party: SandboxParty, at address: String) async throws -> CounterpartyBook {
        let http = try HTTPClient()
        let reader = SandboxBooksReader(of: party, address: address, http: http)
        var accounts: [String: SandboxAccount] = [:]
        var place: String?
        repeat {
            let (page, next) = try await patiently { try await reader.accounts(after: place) }
            for account in page { accounts[account.name] = account }
            place = next
        } while place != nil
        var orders = 0
        repeat {
            let (page, next) = try await patiently { try await reader.records(after: place) }
            orders += page.count
            place = next
        } while place != nil
        await http.shutdown()
        return CounterpartyBook(accounts: accounts, orders: orders)
    }

    /// What an account holds of an asset, in its smallest unit; nothing when it has never held any.
    func balance(_ account: String, _ asset: String, digits: Int) throws(CommandFailure) -> Int128 {
        guard let text = accounts[account]?[asset] else { return 0 }
        let isNegative = text.hasPrefix("-")
        guard let amount = SandboxAmount(isNegative ? String(text.dropFirst()) : text) else {
            throw CommandFailure(.failed, "\(account) holds '\(text)' \(asset), which is no amount")
        }
        var value = amount.scaled
        for _ in digits..<SandboxAmount.decimalLimit { value /= 10 }
        return isNegative ? 0 - value : value
    }

    /// Listings misbehave, too; a few attempts get over that.
    private static func patiently<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        for _ in 0..<10 {
            do {
                return try await body()
            } catch is SandboxReadError {
                _ = await Pause.of(.milliseconds(200))
            }
        }
        return try await body()
    }
}
