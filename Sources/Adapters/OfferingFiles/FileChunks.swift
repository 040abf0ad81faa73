/// The chunks of one file, in order.
public struct FileChunks: AsyncSequence, Sendable {
    /// Some bytes of the file.
    public typealias Element = [UInt8]
    /// The file could not be read.
    public typealias Failure = FileError

    private let path: String

    /// The chunks of the file at `path`.
    public init(path: String) {
        self.path = path
    }

    /// Reads from the file's beginning.
    public func makeAsyncIterator() -> Iterator { Iterator(reader: FileReader(path: path)) }

    /// The place in the file.
    public struct Iterator: AsyncIteratorProtocol {
        let reader: FileReader

        /// The next chunk, or nil at the end.
        public func next() async throws(FileError) -> [UInt8]? { try await reader.next() }

        /// The next chunk, or nil at the end.
        public func next(isolation actor: isolated (any Actor)?) async throws(FileError) -> [UInt8]? {
            try await reader.next()
        }
    }
}
