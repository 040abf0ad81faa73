/// Decides whether where a request ends, and what it asks, can be read in one way only.
///
/// libmicrohttpd 0.9.75 is lenient even in its strict mode; what it lets through (two lengths, a length beside chunked
/// coding, `Transfer-Encoding :`, folded lines) is how requests are smuggled past a proxy in front of it.
enum RequestGuard {
    /// The most header lines.
    static let fieldLimit = 100

    /// Headers that decide framing, identity or effect, and may stand once.
    private static let single = [
        "content-length", "transfer-encoding", "host", "authorization", "content-type", "expect", "idempotency-key",
        "webhook-id", "webhook-timestamp", "webhook-signature", "webhook-key-id",
    ]

    /// How a body announces itself.
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// Judges the headers of a request of the given version.
    static func framing(_ headers: HTTPHeaders, version: String) -> Result<Framing, RequestRefusal> {
        guard headers.fields.count <= fieldLimit else { return .failure(.headersTooLarge) }
        guard headers.fields.allSatisfy({ HTTPHeaders.isName($0.name) && isContent($0.value) }) else {
            return .failure(.badHeader)
        }
        for name in single where headers.all(name).count > 1 {
            return .failure(name == "content-length" || name == "transfer-encoding" ? .framing : .repeatedHeader)
        }
        let isCurrent = version == "HTTP/1.1"
        guard isCurrent || version == "HTTP/1.0" else { return .failure(.framing) }
        guard !isCurrent || headers["Host"] != nil else { return .failure(.badHeader) }
        switch (headers["Content-Length"], headers["Transfer-Encoding"]) {
        case (nil, nil): return .success(.none)
        case (let length?, nil): return Self.length(length).map { .success($0) } ?? .failure(.framing)
        case (nil, let coding?):
            return isCurrent && HTTPHeaders.same(coding, "chunked") ? .success(.chunked) : .failure(.framing)
        case (.some, .some): return .failure(.framing)
        }
    }

    private static func length(_ text: String) -> Framing? {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text).map { $0 == 0 ? .none : .length($0) }
    }

    private static func isContent(_ value: String) -> Bool {
        value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }
    }
}
