import SagaEngine

/// What the counterparty has been told and will call back about.
final class BenchCallbacks: Sendable {
    private let orders = Locked<[String: Facts]>([:])

    func expect(_ reference: String, _ facts: Facts) {
        orders.withLock { $0[reference] = facts }
    }

    /// The notice about an instruction, as a webhook would have verified it.
    func notice(about reference: String) -> Notice? {
        guard let facts = orders.withLock({ $0.removeValue(forKey: reference) }) else { return nil }
        let claim = Notice.Claim(reference: reference, verdict: .settled, facts: facts)
        let body = Array(#"{"about":"\#(reference)"}"#.utf8)
        return Notice(
            source: BenchParty.name, id: "n-\(reference)", claim: claim, body: body,
            headers: "webhook-id: n-\(reference)\nwebhook-timestamp: 1700000000\n")
    }
}
