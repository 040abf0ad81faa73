public import SagaEngine

extension SHA256Digest: Digest {
    /// The digest of lent bytes, whatever this value has been fed, without an array.
    public func link(over bytes: UnsafeRawBufferPointer) -> ChainLink {
        Self.withHash(of: bytes) { digest in
            guard let link = ChainLink(stored: digest) else { preconditionFailure("a digest has 32 bytes") }
            return link
        }
    }
}
