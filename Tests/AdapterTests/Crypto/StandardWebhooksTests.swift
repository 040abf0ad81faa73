import Adapters
import Testing

@Suite struct StandardWebhooksTests {
    static let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let other = "whsec_" + Base64.encode([UInt8](repeating: 7, count: 32))
    let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    let time: Int64 = 1_614_265_330
    let body = Array(#"{"test": 2432232314}"#.utf8)
    let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private func webhooks(_ secrets: [(String, String?)] = [(text, nil)]) throws -> StandardWebhooks {
        StandardWebhooks(secrets: try secrets.map { try WebhookSecret($0.0, keyID: $0.1) })
    }

    private func headers(
        id: String? = nil, time: String? = nil, signature: String? = nil, keyID: String? = nil
    ) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Webhook-Id": id ?? self.id, "Webhook-Timestamp": time ?? String(self.time),
            "Webhook-Signature": signature ?? self.signature,
        ]
        if let keyID { headers.add("webhook-key-id", keyID) }
        return headers
    }

    @Test func `the specification's example is signed and verified`() throws {
        let webhooks = try webhooks()
        let signed = try webhooks.sign(id: id, timestamp: time, body: body)
        #expect(signed["webhook-signature"] == signature)
        #expect(webhooks.verify(headers: signed, body: body, now: time) == .verified(id: id, timestamp: time))
    }

    @Test func `freshness ends exactly at the tolerance on both sides`() throws {
        let webhooks = try webhooks()
        for distance in [Int64(-300), 300] {
            #expect(
                webhooks.verify(headers: headers(), body: body, now: time + distance)
                    == .verified(id: id, timestamp: time))
        }
        for now in [time - 301, time + 301, Int64.min, Int64.max] {
            #expect(webhooks.verify(headers: headers(), body: body, now: now) == .stale(id: id, timestamp: time))
        }
    }

    @Test func `a stale forgery is a forgery`() throws {
        #expect(
            try webhooks().verify(headers: headers(), body: body + [0], now: time + 301) == .forged(.signatureMismatch))
    }

    @Test func `every single-bit forgery of body, signature, id and timestamp is refused`() throws {
        let webhooks = try webhooks()
        func flips(_ bytes: [UInt8], _ judge: ([UInt8]) -> WebhookVerdict) {
            for bit in 0..<bytes.count * 8 {
                var forged = bytes
                forged[bit / 8] ^= 1 << (bit % 8)
                switch judge(forged) {
                case .forged, .malformed: break
                case .verified, .stale, .unknownKey: Issue.record("bit \(bit) passes")
                }
            }
        }
        flips(body) { webhooks.verify(headers: headers(), body: $0, now: time) }
        flips(Array(signature.utf8)) {
            webhooks.verify(headers: headers(signature: String(decoding: $0, as: UTF8.self)), body: body, now: time)
        }
        flips(Array(id.utf8)) {
            webhooks.verify(headers: headers(id: String(decoding: $0, as: UTF8.self)), body: body, now: time)
        }
        flips(Array(String(time).utf8)) {
            webhooks.verify(headers: headers(time: String(decoding: $0, as: UTF8.self)), body: body, now: time)
        }
    }

    @Test func `any one of several signatures and secrets is enough`() throws {
        let webhooks = try webhooks([(Self.other, "new"), (Self.text, "old")])
        let several = "v1a,AAAA v1,AAAA \(signature)"
        #expect(
            webhooks.verify(headers: headers(signature: several), body: body, now: time)
                == .verified(id: id, timestamp: time))
        #expect(try webhooks.sign(id: id, timestamp: time, body: body)["webhook-key-id"] == "new")
    }

    @Test func `an unknown key id is told from a forgery, and never makes a wrong signature right`() throws {
        let webhooks = try webhooks([(Self.other, "k1")])
        let named = { (key: String) in webhooks.verify(headers: headers(keyID: key), body: body, now: time) }
        #expect(named("k2") == .unknownKey(id: id, timestamp: time, keyID: "k2"))
        #expect(named("k1") == .forged(.signatureMismatch))
        #expect(named("") == .malformed(.keyIDHeader))
        #expect(
            try self.webhooks().verify(headers: headers(keyID: "k2"), body: body, now: time)
                == .verified(id: id, timestamp: time))
    }

    @Test func `each header stands exactly once`() throws {
        let webhooks = try webhooks()
        let names: [(String, WebhookVerdict.MalformedReason)] = [
            ("webhook-id", .idHeader), ("webhook-timestamp", .timestampHeader), ("webhook-signature", .signatureHeader),
        ]
        for (name, reason) in names {
            var missing = headers()
            missing.remove(name)
            #expect(webhooks.verify(headers: missing, body: body, now: time) == .malformed(reason))
            var doubled = headers()
            doubled.add(name.uppercased(), doubled[name] ?? "")
            #expect(webhooks.verify(headers: doubled, body: body, now: time) == .malformed(reason))
        }
    }

    @Test func `what the head alone is refused for no body mends, and what may be right is left to the body`() throws {
        let webhooks = try webhooks([(Self.text, "k1")])
        var missing = headers()
        missing.remove("webhook-signature")
        for head in [
            missing, HTTPHeaders(), headers(id: "a.b"), headers(time: "soon"), headers(keyID: ""),
            headers(signature: ""), headers(signature: "v2,abc"), headers(signature: "v1,abc v1,"),
            headers(signature: "v1," + Base64.encode([UInt8](repeating: 1, count: 33)), keyID: "k1"),
        ] {
            let verdict = try #require(webhooks.verdict(ofHead: head))
            #expect(webhooks.verify(headers: head, body: body, now: time) == verdict)
        }
        let foreign = "v1," + Base64.encode([UInt8](repeating: 1, count: 32))
        for head in [
            headers(), headers(time: "1"), headers(signature: foreign), headers(signature: "v1,abc \(foreign)"),
            headers(signature: "v2,abc", keyID: "k9"),
        ] {
            #expect(webhooks.verdict(ofHead: head) == nil)
        }
    }

    @Test(arguments: ["", "a.b", "a b", "ä", String(repeating: "a", count: 257)])
    func `an id that could borrow from its neighbours is refused`(id: String) throws {
        let webhooks = try webhooks()
        #expect(webhooks.verify(headers: headers(id: id), body: body, now: time) == .malformed(.id))
        #expect(throws: WebhookSigningError.badID) { try webhooks.sign(id: id, timestamp: time, body: body) }
    }

    @Test(arguments: [
        "", "+1614265330", "-1", " 1614265330", "1614265330.0", "01614265330", "0x10", "٣", "99999999999999999999",
    ])
    func `a timestamp is plain decimal`(time: String) throws {
        #expect(
            try webhooks().verify(headers: headers(time: time), body: body, now: self.time) == .malformed(.timestamp))
    }

    @Test func `candidates end at the limit`() throws {
        let webhooks = try webhooks()
        let filler = [String](repeating: "v1,AAAA", count: StandardWebhooks.signatureLimit - 1)
        let full = (filler + [signature]).joined(separator: " ")
        #expect(
            webhooks.verify(headers: headers(signature: full), body: body, now: time)
                == .verified(id: id, timestamp: time))
        #expect(
            webhooks.verify(headers: headers(signature: full + " v1,AAAA"), body: body, now: time)
                == .malformed(.tooManySignatures))
        #expect(
            webhooks.verify(headers: headers(signature: "v2,AAAA"), body: body, now: time)
                == .forged(.noSupportedVersion))
    }

    @Test func `a secret is whole, and is never printed`() throws {
        #expect(throws: WebhookSecretError.missingPrefix) { try WebhookSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") }
        #expect(throws: WebhookSecretError.notBase64) { try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS") }
        for size in [23, 65] {
            #expect(throws: WebhookSecretError.wrongSize) {
                try WebhookSecret("whsec_" + Base64.encode([UInt8](repeating: 1, count: size)))
            }
        }
        #expect(throws: WebhookSecretError.badKeyID) { try WebhookSecret(Self.text, keyID: "a b") }
        var dumped = ""
        dump(try WebhookSecret(Self.text, keyID: "k"), to: &dumped)
        #expect(!dumped.contains("49") && dumped.contains("k"))
    }
}
