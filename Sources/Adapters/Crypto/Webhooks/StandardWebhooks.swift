/// Signs and verifies callbacks by Standard Webhooks 1.0.0, symmetric signatures (`v1`).
///
/// The signed bytes are `id "." timestamp "." body`, body as it came over the wire, before any parsing.
/// An optional header `webhook-key-id`, an addition of ours that the signature does not cover, lets a receiver tell a
/// key it has not been given yet from a forgery; it never makes a wrong signature right.
public struct StandardWebhooks: Sendable {
    /// The most secrets a receiver holds at once.
    public static let secretLimit = 16
    /// The most candidate signatures one header may carry.
    public static let signatureLimit = 16
    /// The longest id, in characters.
    public static let idLimit = 256
    /// How long a signature is, in bytes.
    private static let signatureSize = 32

    private let secrets: [WebhookSecret]
    private let tolerance: Int64

    /// A signer and verifier.
    ///
    /// - Parameters:
    ///   - secrets: 1 to ``secretLimit``; the first signs, each verifies.
    ///   - tolerance: how far a timestamp may lie from now on either side, in whole seconds; the specification's
    ///     reference libraries take five minutes.
    public init(secrets: [WebhookSecret], tolerance: Duration = .seconds(300)) {
        precondition(
            (1...Self.secretLimit).contains(secrets.count), "1 to \(Self.secretLimit) webhook secrets are held")
        precondition(tolerance >= .zero, "a tolerance is not negative")
        self.secrets = secrets
        self.tolerance = tolerance.components.seconds
    }

    /// Signs a body.
    ///
    /// - Parameters:
    ///   - id: the message's id, the same over all attempts; printable ASCII without `.`, at most ``idLimit``.
    ///   - timestamp: the time of this attempt, seconds since 1970.
    ///   - body: the exact bytes that will be sent.
    /// - Returns: the three headers of the specification, and `webhook-key-id` if the secret has an id.
    /// - Throws: ``WebhookSigningError`` for an id or time that no receiver would take.
    public func sign(id: String, timestamp: Int64, body: [UInt8]) throws(WebhookSigningError) -> HTTPHeaders {
        guard Self.isID(id) else { throw .badID }
        guard timestamp >= 0 else { throw .badTimestamp }
        let mac = HMACSHA256.authenticate(Self.signed(id, String(timestamp), body), key: secrets[0].key)
        var headers = HTTPHeaders()
        headers.add("webhook-id", id)
        headers.add("webhook-timestamp", String(timestamp))
        headers.add("webhook-signature", "v1," + Base64.encode(mac))
        if let keyID = secrets[0].keyID { headers.add("webhook-key-id", keyID) }
        return headers
    }

    /// Judges a callback by its raw headers and raw body.
    ///
    /// Every candidate signature is compared with every secret, in constant time and without an early end.
    ///
    /// - Parameters:
    ///   - headers: all headers as received, repeated ones included.
    ///   - body: the exact bytes received.
    ///   - now: the receiver's time, seconds since 1970.
    /// - Returns: the verdict; all but `verified` must change nothing.
    public func verify(headers: HTTPHeaders, body: [UInt8], now: Int64) -> WebhookVerdict {
        let claim: Claim
        switch Self.read(headers) {
        case .failure(let defect): return .malformed(defect.reason)
        case .success(let read): claim = read
        }
        if matches(claim, body) {
            let (distance, overflow) = claim.timestamp.subtractingReportingOverflow(now)
            let isFresh = !overflow && distance.magnitude <= UInt64(tolerance)
            return isFresh
                ? .verified(id: claim.id, timestamp: claim.timestamp) : .stale(id: claim.id, timestamp: claim.timestamp)
        }
        if let keyID = claim.keyID, !secrets.contains(where: { $0.keyID == keyID }) {
            return .unknownKey(id: claim.id, timestamp: claim.timestamp, keyID: keyID)
        }
        return .forged(claim.candidates.isEmpty ? .noSupportedVersion : .signatureMismatch)
    }

    /// What is wrong with a callback whatever its body, by its raw headers alone; `nil` when the body has to be seen.
    ///
    /// One under a key that is not held is left to ``verify(headers:body:now:)``: it may be fit for the quarantine.
    public func verdict(ofHead headers: HTTPHeaders) -> WebhookVerdict? {
        switch Self.read(headers) {
        case .failure(let defect): return .malformed(defect.reason)
        case .success(let claim):
            if let keyID = claim.keyID, !secrets.contains(where: { $0.keyID == keyID }) { return nil }
            guard !claim.candidates.isEmpty else { return .forged(.noSupportedVersion) }
            let isPossible = claim.candidates.contains { $0.count == Self.signatureSize }
            return isPossible ? nil : .forged(.signatureMismatch)
        }
    }

    private func matches(_ claim: Claim, _ body: [UInt8]) -> Bool {
        let message = Self.signed(claim.id, claim.timestampText, body)
        var matched = false
        for secret in secrets {
            let mac = HMACSHA256.authenticate(message, key: secret.key)
            for candidate in claim.candidates where ConstantTime.equals(candidate, mac) { matched = true }
        }
        return matched
    }

    private static func signed(_ id: String, _ timestamp: String, _ body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }
}

extension StandardWebhooks {
    /// What the headers claim, read but not believed.
    private struct Claim {
        var id: String
        var timestampText: String
        var timestamp: Int64
        var candidates: [[UInt8]]
        var keyID: String?
    }

    private struct Defect: Error {
        var reason: WebhookVerdict.MalformedReason
    }

    private static func read(_ headers: HTTPHeaders) -> Result<Claim, Defect> {
        let (ids, times, keyIDs) = (
            headers.all("webhook-id"), headers.all("webhook-timestamp"), headers.all("webhook-key-id")
        )
        let signatures = headers.all("webhook-signature")
        guard ids.count == 1 else { return .failure(Defect(reason: .idHeader)) }
        guard times.count == 1 else { return .failure(Defect(reason: .timestampHeader)) }
        guard signatures.count == 1 else { return .failure(Defect(reason: .signatureHeader)) }
        guard keyIDs.count <= 1, keyIDs.allSatisfy(WebhookSecret.isKeyID) else {
            return .failure(Defect(reason: .keyIDHeader))
        }
        guard isID(ids[0]) else { return .failure(Defect(reason: .id)) }
        guard let timestamp = seconds(times[0]) else { return .failure(Defect(reason: .timestamp)) }
        let items = signatures[0].split(separator: " ", omittingEmptySubsequences: false)
        guard items.count <= signatureLimit else { return .failure(Defect(reason: .tooManySignatures)) }
        let candidates = items.filter { $0.hasPrefix("v1,") }.map { Base64.decode(String($0.dropFirst(3))) ?? [] }
        return .success(
            Claim(
                id: ids[0], timestampText: times[0], timestamp: timestamp, candidates: candidates, keyID: keyIDs.first))
    }

    /// A `.` would let an id borrow from the timestamp: `a.1` at 2 and `a` at `1.2` sign the same bytes.
    private static func isID(_ id: String) -> Bool {
        (1...idLimit).contains(id.utf8.count)
            && id.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ".") }
    }

    private static func seconds(_ text: String) -> Int64? {
        let digits = text.utf8
        guard (1...19).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        return Int64(text)
    }
}
