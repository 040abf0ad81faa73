internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// Makes callbacks as the custodian does, and ones that it never would.
struct CallbackForge {
    /// One callback as data.
    struct Callback: Sendable {
        var id: [UInt8]
        var timestamp: [UInt8]
        var signature: [UInt8]
        var keyID: String?
        var body: [UInt8]

        /// The whole request, with a framing of its own if given.
        func request(framing: String? = nil, payload: [UInt8]? = nil) -> [UInt8] {
            var head = Array("POST /webhooks/custodian HTTP/1.1\r\nHost: 127.0.0.1\r\n".utf8)
            head += Array("Content-Type: application/json\r\n".utf8)
            head += Array("webhook-id: ".utf8) + id + Array("\r\nwebhook-timestamp: ".utf8) + timestamp
            head += Array("\r\nwebhook-signature: ".utf8) + signature
            if let keyID { head += Array("\r\nwebhook-key-id: \(keyID)".utf8) }
            head += Array("\r\n\(framing ?? "Content-Length: \(body.count)\r\n")\r\n".utf8)
            return head + (payload ?? body)
        }
    }

    private let signer: StandardWebhooks

    init(secret: String = Theatre.secret, keyID: String? = "k1") throws {
        signer = StandardWebhooks(secrets: [try WebhookSecret(secret, keyID: keyID)])
    }

    /// A signed callback; `age` is how many seconds ago it was made.
    func callback(id: String, body: [UInt8], age: Int64 = 0) throws -> Callback {
        let now = Int64(Date().timeIntervalSince1970) - age
        let headers = try signer.sign(id: id, timestamp: now, body: body)
        return Callback(
            id: Array(id.utf8), timestamp: Array("\(now)".utf8),
            signature: Array((headers["webhook-signature"] ?? "").utf8), keyID: headers["webhook-key-id"], body: body)
    }

    /// The body of a settled transfer that no saga of ours knows.
    static func body(reference: String, amount: String = "2520.00") -> [UInt8] {
        Array(
            """
            {"reference":"\(reference)","operation":"transfer","asset":"SGD","amount":"\(amount)","from":"ESC-0",\
            "to":"ISS-0","id":"custodian-1","state":"settled","occurred_at":"2026-03-18T02:00:00.000Z"}
            """.utf8)
    }

    /// Every callback that differs from a genuine one in a single bit of what is signed, or of the signature.
    static func forgeries(of genuine: Callback) -> [(part: String, callback: Callback)] {
        var forged: [(part: String, callback: Callback)] = []
        let parts: [(String, WritableKeyPath<Callback, [UInt8]>)] = [
            ("body", \.body), ("signature", \.signature), ("id", \.id), ("timestamp", \.timestamp),
        ]
        for (name, path) in parts {
            for bit in 0..<genuine[keyPath: path].count * 8 {
                var callback = genuine
                callback[keyPath: path][bit / 8] ^= 1 << UInt8(bit % 8)
                forged.append((name, callback))
            }
        }
        return forged
    }
}
