/// JSON being written, front to back, into memory of its own.
///
/// What is written with every stage goes straight into it, member by member; the text is the one that
/// ``JournalEncoder`` makes of the same type by its `Encodable`, and tests hold the two together. Raw memory with one
/// owner: an array asks with every byte whether it is shared.
public struct JSONLine: ~Copyable {
    private(set) var memory: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int
    /// How many objects and arrays are open.
    var depth = 0

    /// Makes room for a text of about this length.
    init(capacity: Int = 256) {
        self.capacity = max(16, capacity)
        memory = UnsafeMutablePointer.allocate(capacity: self.capacity)
    }

    deinit {
        memory.deallocate()
    }

    /// The text so far; good until the next change.
    var written: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: memory, count: count) }

    /// The text so far, in an array of just its size.
    var bytes: [UInt8] { Array(written) }

    /// Forgets the text and keeps its room.
    mutating func clear() {
        count = 0
        depth = 0
    }

    /// Whether a stretch of the text is these bytes.
    func holds(_ bytes: [UInt8], from start: Int, to end: Int) -> Bool {
        bytes.withUnsafeBytes {
            ByteScan.equal(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(written)[start..<end]), $0)
        }
    }

    // MARK: Bytes

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        memory[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        reserve(bytes.count)
        (memory + count).update(from: start, count: bytes.count)
        count += bytes.count
    }

    mutating func append(_ bytes: borrowing [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        bytes.withMemoryRebound(to: UInt8.self) { append($0) }
    }

    /// The eight bytes of a number, the highest first.
    mutating func append(bytesOf number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { append($0) }
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Puts other bytes in place of everything from a position on.
    mutating func replace(from start: Int, with bytes: [UInt8]) {
        precondition(start <= count, "only what has been written can be replaced")
        count = start
        append(bytes)
    }

    /// Sees to it that so many bytes more have room.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if capacity - count < more { grow(by: more) }
    }

    /// Leaves bytes that were put behind the text, within what was reserved, as part of it.
    @inline(__always)
    mutating func advance(by more: Int) {
        precondition(more <= capacity - count, "what is written has been reserved")
        count += more
    }

    @inline(never)
    private mutating func grow(by more: Int) {
        capacity = max(2 * capacity, count + more)
        let wider = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        wider.update(from: memory, count: count)
        memory.deallocate()
        memory = wider
    }
}
