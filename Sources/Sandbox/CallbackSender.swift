internal import Adapters
internal import SagaEngine

/// Sends notices to whoever waits for them, signed by Standard Webhooks.
final class CallbackSender: Sendable {
    private let http: HTTPClient
    private let signer: StandardWebhooks
    private let address: Locked<String?>
    private let clock: any SagaClock

    init(_ configuration: SandboxConfiguration) throws(SandboxError) {
        var limits = HTTPClientConfiguration()
        limits.totalTimeout = .seconds(10)
        limits.firstByteTimeout = .seconds(10)
        do { http = try HTTPClient(limits) } catch { throw .client(error) }
        signer = StandardWebhooks(secrets: [configuration.secret])
        address = Locked(configuration.callbackAddress)
        clock = configuration.clock
    }

    /// Sends later callbacks elsewhere.
    func redirect(to address: String?) {
        self.address.withLock { $0 = address }
    }

    /// Sends one notice; answers whether it was acknowledged.
    func send(_ dispatch: NoticeDispatch) async -> Bool {
        guard let address = address.withLock({ $0 }), let headers = sign(dispatch) else { return false }
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
