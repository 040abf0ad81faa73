internal import SagaEngine

/// Our own ledger, folded from its postings as the daemon shows them.
struct DemoLedger: Sendable {
    /// Per account and asset, in minor units or whole units.
    private var balances: [String: Int128] = [:]
    /// Per investor: what left their escrow account, and what of it came back to them.
    private(set) var released: [String: Int128] = [:]
    private(set) var refunded: [String: Int128] = [:]

    /// Reads all postings about one settlement.
    static func read(_ saga: String, from client: DaemonClient) async throws -> DemoLedger {
        var fold = DemoLedger()
        var (key, number) = ("", Int64(0))
        while true {
            let path = APIPath("sagas", saga, "books").with("after_key", key).with("after", String(number))
            let page = try await client.get(path.with("limit", "500")).rows
            for line in page { try fold.add(line["set"] ?? .null) }
            guard let last = page.last else { return fold }
            guard (last.text("key"), last.integer("number")) != (key, number) else {
                throw CommandFailure(.failed, "the postings do not go on after \(key)")
            }
            (key, number) = (last.text("key"), last.integer("number"))
        }
    }

    mutating func add(_ set: JSONValue) throws(CommandFailure) {
        let investor = set["investor"]?.stringValue
        for leg in set.list("legs") {
            let text = leg["gain"]?.stringValue ?? leg["gain"]?.text() ?? ""
            guard let gain = Int128(text) else { throw CommandFailure(.failed, "'\(text)' is no amount of a posting") }
            let account = leg.text("account")
            balances["\(account) \(leg.text("asset"))", default: 0] += gain
            guard let investor else { continue }
            if account == "escrow:\(investor)", gain < 0 { released[investor, default: 0] -= gain }
            if account == "refunded" { refunded[investor, default: 0] += gain }
        }
    }

    /// What an account holds of an asset.
    func balance(_ account: String, _ asset: String) -> Int128 { balances["\(account) \(asset)"] ?? 0 }
}
