internal import Adapters
internal import SagaEngine

/// Sends notices to whoever waits for them, signed by Standard Webhooks.
final class CallbackSender: Sendable {
    private let http: HTTPClient
    private let signer: StandardWebhooks
    private let targets: Locked<Targets>
    private let clock: any SagaClock

    /// Who is told, one after the other, as by a balancer.
    private struct Targets {
        var addresses: [String]
        var turn = 0

        mutating func next() -> String? {
            guard !addresses.isEmpty else { return nil }
            defer { turn = (turn + 1) % addresses.count }
            return addresses[turn]
        }
    }

    init(_ configuration: SandboxConfiguration) throws(SandboxError) {
        var limits = HTTPClientConfiguration()
        limits.totalTimeout = .seconds(10)
        limits.firstByteTimeout = .seconds(10)
        do { http = try HTTPClient(limits) } catch { throw .client(error) }
        signer = StandardWebhooks(secrets: [configuration.secret])
        targets = Locked(Targets(addresses: configuration.callbackAddress.map { [$0] } ?? []))
        clock = configuration.clock
    }

    /// Sends later callbacks elsewhere: to each of some addresses in turn.
    func redirect(to addresses: [String]) {
        targets.withLock { $0 = Targets(addresses: addresses) }
    }

    /// Sends one notice; answers whether it was acknowledged.
    func send(_ dispatch: NoticeDispatch) async -> Bool {
        guard let address = targets.withLock({ $0.next() }), let headers = sign(dispatch) else { return false }
        var request = HTTPRequest(
            method: .post, url: "\(address)/\(dispatch.party)", headers: headers, body: dispatch.body)
        request.headers.add("Content-Type", "application/json")
        request.isChunked = dispatch.isChunked
        do {
            return (200...299).contains(try await http.execute(request).status)
        } catch {
            // Whatever happened, the notice is owed until it is acknowledged.
            return false
        }
    }

    func shutdown() async {
        await http.shutdown()
    }

    private func sign(_ dispatch: NoticeDispatch) -> HTTPHeaders? {
        let now = clock.now().milliseconds / 1_000
        // A forger has the right headers and the wrong secret; signing other bytes comes to the same.
        let signed = dispatch.isForged ? dispatch.body + [UInt8(ascii: " ")] : dispatch.body
        do { return try signer.sign(id: dispatch.id, timestamp: now, body: signed) } catch { return nil }
    }
}
