/// A body read piece by piece, at the reader's pace: while nobody reads, the peer is not read from either.
///
/// It has one reader at a time, and is read once.
public struct HTTPUpload: AsyncSequence, Sendable {
    /// A piece of the body, never empty.
    public typealias Element = [UInt8]
    /// Why the body ended early.
    public typealias Failure = HTTPUploadError

    private let pull: @Sendable () async -> Result<[UInt8]?, HTTPUploadError>

    /// An upload from a source that gives nil after the last piece; tests make them too.
    public init(_ pull: @escaping @Sendable () async -> Result<[UInt8]?, HTTPUploadError>) {
        self.pull = pull
    }

    /// The next piece, or nil after the last.
    ///
    /// - Throws: ``HTTPUploadError`` if the rest will never come; it is not the whole body then.
    public func next() async throws(HTTPUploadError) -> [UInt8]? {
        try await pull().get()
    }

    /// The iterator.
    public func makeAsyncIterator() -> Iterator {
        Iterator(upload: self)
    }

    /// Reads the pieces in order.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let upload: HTTPUpload

        /// The next piece, or nil after the last.
        public mutating func next() async throws(HTTPUploadError) -> [UInt8]? {
            try await upload.next()
        }

        /// The next piece, or nil after the last.
        public mutating func next(isolation: isolated (any Actor)?) async throws(HTTPUploadError) -> [UInt8]? {
            try await upload.next()
        }
    }
}
