internal import Adapters
internal import Foundation
internal import SagaEngine
internal import Synchronization

/// A counterparty that tells the truth, one callback after another, and takes the time of each answer.
final class HonestClient: Sendable {
    struct Report {
        var acknowledged: Set<String> = []
        var failures: [Int] = []
        var milliseconds: [Int] = []
        var count: Int { milliseconds.count }

        func percentile(_ percent: Int) -> Int {
            let sorted = milliseconds.sorted()
            guard !sorted.isEmpty else { return 0 }
            return sorted[min(sorted.count - 1, sorted.count * percent / 100)]
        }
    }

    private let address: String
    private let seed: UInt64
    private let stopped = Atomic<Bool>(false)

    init(address: String, seed: UInt64) {
        self.address = address
        self.seed = seed
    }

    func stop() { stopped.store(true, ordering: .relaxed) }

    func run() async throws -> Report {
        let http = try HTTPClient()
        let forge = try CallbackForge()
        var report = Report()
        while !stopped.load(ordering: .relaxed) {
            let id = "honest-\(seed)-\(report.count)"
            let callback = try forge.callback(id: id, body: CallbackForge.body(reference: id))
            var request = HTTPRequest(method: .post, url: address + "/webhooks/custodian", body: callback.body)
            for (name, value) in [
                ("webhook-id", callback.id), ("webhook-timestamp", callback.timestamp),
                ("webhook-signature", callback.signature),
            ] { request.headers.add(name, String(decoding: value, as: UTF8.self)) }
            request.headers.add("webhook-key-id", "k1")
            let begin = ContinuousClock.now
            let status: Int
            do {
                status = try await http.execute(request).status
            } catch {
                status = 0
            }
            let (seconds, attoseconds) = (ContinuousClock.now - begin).components
            report.milliseconds.append(Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
            if status == 200 { report.acknowledged.insert(id) } else { report.failures.append(status) }
            try await Task.sleep(for: .milliseconds(20))
        }
        await http.shutdown()
        return report
    }
}
