/// Requests that two readers of HTTP could read differently; each carries a genuine signature.
struct FramingAttacks {
    struct Attack {
        let name: String
        let bytes: [UInt8]
    }

    /// What a smuggled request would be answered with.
    static let smuggledAnswer = "alive"

    static func all(_ make: (String) throws -> CallbackForge.Callback) throws -> [Attack] {
        let smuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        func attack(_ name: String, _ framing: String, _ payload: (String) -> String) throws -> Attack {
            let callback = try make(name)
            let body = String(decoding: callback.body, as: UTF8.self)
            let framing = framing.replacing("LENGTH", with: "\(body.utf8.count)")
            return Attack(name: name, bytes: callback.request(framing: framing, payload: Array(payload(body).utf8)))
        }
        func chunks(_ body: String) -> String { String(body.utf8.count, radix: 16) + "\r\n\(body)\r\n0\r\n\r\n" }
        let chunked = "Transfer-Encoding: chunked\r\n"
        return [
            try attack("two-lengths", "Content-Length: LENGTH\r\nContent-Length: 0\r\n") { $0 + smuggled },
            try attack("two-equal-lengths", "Content-Length: LENGTH\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("zero-length-first", "Content-Length: 0\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("length-list", "Content-Length: LENGTH, LENGTH\r\n") { $0 + smuggled },
            try attack("length-plus", "Content-Length: +LENGTH\r\n") { $0 + smuggled },
            try attack("length-minus", "Content-Length: -1\r\n") { $0 + smuggled },
            try attack("length-hex", "Content-Length: 0x20\r\n") { $0 + smuggled },
            try attack("length-overflow", "Content-Length: 18446744073709551621\r\n") { $0 + smuggled },
            try attack("length-short", "Content-Length: 4\r\n") { $0 + smuggled },
            try attack("length-spaced", "Content-Length : LENGTH\r\n") { $0 + smuggled },
            try attack("cl-te", "Content-Length: LENGTH\r\n" + chunked) { chunks($0) + smuggled },
            try attack("te-cl", chunked + "Content-Length: 4\r\n") { chunks($0) + smuggled },
            try attack("te-unknown", "Transfer-Encoding: xchunked\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("te-list", "Transfer-Encoding: chunked, identity\r\n") { chunks($0) + smuggled },
            try attack("te-twice", "Transfer-Encoding: identity\r\n" + chunked) { chunks($0) + smuggled },
            try attack("te-spaced", "Transfer-Encoding : chunked\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("te-tab", "Transfer-Encoding:\tchunked\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("te-case", "Transfer-Encoding: cHuNkEd\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("te-folded", "X: y\r\n " + chunked + "Content-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("bare-lf", "Content-Length: LENGTH\nX: y\n") { $0 + smuggled },
            try attack("nul-in-header", "X: a\0b\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("two-hosts", "Host: other\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("two-signatures", "webhook-signature: v1,AAAA\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("two-ids", "webhook-id: other\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("two-timestamps", "webhook-timestamp: 1\r\nContent-Length: LENGTH\r\n") { $0 + smuggled },
            try attack("chunk-overflow", chunked) { "1000000000000000f\r\n\($0)\r\n0\r\n\r\n" + smuggled },
            try attack("chunk-lf", chunked) { String($0.utf8.count, radix: 16) + "\n\($0)\n0\n\n" + smuggled },
            try attack("chunk-hex-prefix", chunked) { "0x" + chunks($0) + smuggled },
            try attack("chunk-extension", chunked) {
                String($0.utf8.count, radix: 16) + ";a=b\r\n\($0)\r\n0\r\n\r\n" + smuggled
            },
            try attack("chunk-short", chunked) { "4\r\n\($0)\r\n0\r\n\r\n" + smuggled },
            try attack("pipelined", "Content-Length: LENGTH\r\n") { $0 + smuggled },
        ]
    }

    /// Requests whose request line itself lies.
    static func lines(_ callback: CallbackForge.Callback) -> [Attack] {
        let good = String(decoding: callback.request(), as: UTF8.self)
        func other(_ name: String, _ line: String) -> Attack {
            Attack(name: name, bytes: Array(good.replacing("POST /webhooks/custodian HTTP/1.1", with: line).utf8))
        }
        return [
            other("path-nul", "POST /webhooks/custodian%00 HTTP/1.1"),
            other("path-dots", "POST /webhooks/x/..%2fcustodian HTTP/1.1"),
            other("path-double-slash", "POST //webhooks/custodian HTTP/1.1"),
            other("old-version", "POST /webhooks/custodian HTTP/1.0"),
            other("wrong-method", "PUT /webhooks/custodian HTTP/1.1"),
        ]
    }
}
