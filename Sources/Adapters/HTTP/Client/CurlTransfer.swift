internal import CCurl
internal import Glibc

/// One exchange: what libcurl's callbacks gather, and who waits for it.
///
/// `@unchecked Sendable` because it is handed over, never shared: the submitting task makes it and does not keep it;
/// from then on only the loop's thread touches it, and libcurl calls the callbacks on that thread alone.
final class CurlTransfer: @unchecked Sendable {
    let id: UInt64
    let request: HTTPRequest
    let cancellation: CancellationMark
    private let limits: HTTPClientConfiguration
    private let continuation: CheckedContinuation<Result<HTTPResponse, HTTPClientError>, Never>
    let submitted = ContinuousClock.now

    var easy: UnsafeMutableRawPointer?
    var headerList: UnsafeMutablePointer<curl_slist>?
    var uploadedFile: UnsafeMutablePointer<FILE>?
    private(set) var sendingSince: ContinuousClock.Instant?
    private(set) var wasRetried = false
    private var answered = false
    private var hasWholeHead = false
    private var headers = HTTPHeaders()
    private var headerSize = 0
    private var body: [UInt8] = []
    private var overflowed = false

    init(
        id: UInt64, request: HTTPRequest, limits: HTTPClientConfiguration, cancellation: CancellationMark,
        _ continuation: CheckedContinuation<Result<HTTPResponse, HTTPClientError>, Never>
    ) {
        self.id = id
        self.request = request
        self.limits = limits
        self.cancellation = cancellation
        self.continuation = continuation
    }

    /// When the whole exchange must be over, queueing included.
    var deadline: ContinuousClock.Instant { submitted + (request.timeout ?? limits.totalTimeout) }

    /// When the first byte of the answer must have come, once sending has begun.
    var firstByteDeadline: ContinuousClock.Instant? {
        answered ? nil : sendingSince.map { $0 + limits.firstByteTimeout }
    }

    /// Ends the exchange; called exactly once.
    func finish(_ result: Result<HTTPResponse, HTTPClientError>) {
        continuation.resume(returning: result)
    }

    /// An error with what is known about delivery: sending begins with libcurl's pre-request callback, not before.
    func error(_ code: HTTPClientError.Code) -> HTTPClientError {
        sendingSince == nil ? .notSent(code) : .uncertain(code)
    }

    /// The connection is ready and the request is about to be written; false stops a second sending.
    func willSend() -> Bool {
        guard sendingSince == nil else {
            wasRetried = true
            return false
        }
        sendingSince = .now
        return true
    }

    /// Takes one header line of an answer; false stops the transfer.
    func receive(headerLine bytes: UnsafeRawBufferPointer) -> Bool {
        answered = true
        headerSize += bytes.count
        guard headerSize <= limits.headerLimit else {
            overflowed = true
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // An interim answer (1xx) came before; only the final one counts.
            headers = HTTPHeaders()
            hasWholeHead = false
        } else if line == "\r\n" || line == "\n" {
            hasWholeHead = true
        } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
            headers.add(String(line[..<colon]), Self.trimmed(line[line.utf8.index(after: colon)...]))
        }
        return true
    }

    /// Takes a piece of the answer's body; false stops the transfer.
    func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        answered = true
        guard body.count + bytes.count <= limits.responseLimit else {
            overflowed = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// What libcurl's verdict means.
    func result(_ code: CURLcode) -> Result<HTTPResponse, HTTPClientError> {
        guard code == CURLE_OK else { return .failure(error(self.code(for: code))) }
        var status = 0
        saga_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        // libcurl is content with an answer that ends in the middle of its headers.
        guard hasWholeHead else { return .failure(error(.truncated)) }
        guard (200...599).contains(status) else { return .failure(error(.malformedAnswer)) }
        var microseconds: curl_off_t = 0
        saga_curl_get_offset(easy, CURLINFO_TOTAL_TIME_T, &microseconds)
        return .success(
            HTTPResponse(status: status, headers: headers, body: body, elapsed: .microseconds(microseconds)))
    }

    private func code(for code: CURLcode) -> HTTPClientError.Code {
        if overflowed { return .tooLarge }
        if wasRetried { return .noAnswer }
        return switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_LOGIN_DENIED: .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolved
        case CURLE_COULDNT_CONNECT: .connectFailed
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED:
            .tlsFailed
        case CURLE_OPERATION_TIMEDOUT: sendingSince == nil ? .connectTimeout : .timeout
        case CURLE_SEND_ERROR: .sendFailed
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR: answered ? .truncated : .noAnswer
        case CURLE_PARTIAL_FILE, CURLE_HTTP2_STREAM: .truncated
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
            .malformedAnswer
        default: .failed
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var bytes = text.utf8[...]
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        return String(Substring(bytes))
    }
}
