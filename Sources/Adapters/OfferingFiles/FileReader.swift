internal import Foundation

/// Reads one file from its beginning to its end in chunks, on a thread of its own.
public actor FileReader {
    /// The size of a chunk, in bytes.
    public static let chunkBytes = 256 * 1_024

    private let executor = ThreadExecutor(name: "file-reader")
    private let path: String
    private var descriptor: Int32 = -1

    /// A reader of the file at `path`; it is opened when the first chunk is asked for.
    public init(path: String) {
        self.path = path
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The next bytes, or nil at the file's end; throws when the file cannot be opened or read.
    public func next() throws(FileError) -> [UInt8]? {
        if descriptor < 0 {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError(path: path, operation: .open, number: errno) }
        }
        var failure: Int32 = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, count in
            count = 0
            while true {
                let result = read(descriptor, buffer.baseAddress, buffer.count)
                if result < 0 && errno == EINTR { continue }
                if result < 0 { failure = errno } else { count = result }
                return
            }
        }
        guard failure == 0 else { throw FileError(path: path, operation: .read, number: failure) }
        return chunk.isEmpty ? nil : chunk
    }

    /// All bytes of a small file; throws `tooLarge` past `limit` bytes.
    public func all(limit: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try next() {
            bytes += chunk
            guard bytes.count <= limit else { throw FileError(path: path, operation: .tooLarge, number: EFBIG) }
        }
        return bytes
    }
}
