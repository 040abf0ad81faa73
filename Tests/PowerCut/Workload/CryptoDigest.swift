import Adapters
import SagaEngine

/// SHA-256 from libcrypto, as the engine asks for it.
struct CryptoDigest: Digest {
    func sha256(_ bytes: [UInt8]) -> [UInt8] { SHA256Digest.hash(bytes) }
}
