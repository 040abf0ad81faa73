import Adapters
import Testing

@Suite struct SHA256DigestTests {
    @Test func `the standard's examples come out`() {
        #expect(Hex.encode(SHA256Digest.hash("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Hex.encode(SHA256Digest.hash("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(
            Hex.encode(SHA256Digest.hash(million)) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test func `pieces give the digest of the whole, and a copy continues on its own`() {
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        for cut in [0, 1, 63, 64, 65, 999, 1000] {
            var digest = SHA256Digest()
            digest.update(Array(message[..<cut]))
            var copy = digest
            copy.update([1])
            digest.update(Array(message[cut...]))
            #expect(digest.finalize() == SHA256Digest.hash(message))
            #expect(copy.finalize() == SHA256Digest.hash(message[..<cut] + [1]))
        }
    }
}

@Suite struct HMACSHA256Tests {
    @Test func `RFC 4231's examples come out`() {
        #expect(
            Hex.encode(HMACSHA256.authenticate(Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20)))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            Hex.encode(HMACSHA256.authenticate(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `an empty key is a key, not the one of last time`() {
        let first = HMACSHA256.authenticate([1], key: [])
        _ = HMACSHA256.authenticate([1], key: [9, 9])
        #expect(HMACSHA256.authenticate([1], key: []) == first)
        #expect(
            Hex.encode(HMACSHA256.authenticate([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }
}

@Suite struct ConstantTimeTests {
    @Test func `equality is equality`() {
        #expect(ConstantTime.equals([], []))
        #expect(ConstantTime.equals([1, 2], [1, 2]))
        #expect(!ConstantTime.equals([1, 2], [1, 3]))
        #expect(!ConstantTime.equals([1, 2], [1]))
    }
}

@Suite struct SecureRandomTests {
    @Test func `bytes come in the number asked for and not twice`() throws {
        #expect(try SecureRandom.bytes(0).isEmpty)
        #expect(try SecureRandom.bytes(SecureRandom.limit).count == SecureRandom.limit)
        #expect(try SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }
}
