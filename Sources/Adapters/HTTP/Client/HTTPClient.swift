internal import Synchronization

/// HTTP/1.1 and HTTP/2 requests over libcurl, with reused connections, on one thread of its own.
///
/// It sends each request at most once: where libcurl would send again by itself (a reused connection that turns out
/// dead), the second attempt is stopped before its first byte. It follows no redirect, takes no proxy from the
/// environment, speaks `http` and `https` alone, and trusts only verified TLS.
public final class HTTPClient: Sendable {
    private let loop: CurlLoop
    private let nextID = Atomic<UInt64>(0)

    /// A client with its thread; every limit and time of its configuration is above zero, but for waiting and size.
    ///
    /// - Throws: ``HTTPClientError/notSent(_:)`` with `failed` if libcurl cannot start.
    public init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration()) throws(HTTPClientError) {
        precondition(configuration.isUsable, "an HTTP client's limits and timeouts are above zero")
        loop = try CurlLoop(configuration)
    }

    deinit {
        loop.submit(.shutdown(nil))
    }

    /// Sends a request and waits for the whole answer, whatever its status.
    ///
    /// A cancelled task gets its error at once.
    ///
    /// - Throws: ``HTTPClientError``, which says whether the request can have reached the peer.
    public func execute(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        let id = nextID.add(1, ordering: .relaxed).newValue
        let cancellation = CancellationMark()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let transfer = CurlTransfer(
                    id: id, request: request, limits: loop.configuration, cancellation: cancellation, continuation)
                loop.submit(.start(transfer))
            }
        } onCancel: {
            // The mark first: a cancellation that overtakes its start is seen when the start is admitted.
            cancellation.set()
            loop.submit(.cancel(id))
        }
        return try result.get()
    }

    /// Ends every exchange, the unfinished ones with `shutdown`, and the thread; returns when both are done.
    public func shutdown() async {
        await withCheckedContinuation { continuation in
            loop.submit(.shutdown(continuation))
        }
    }
}
