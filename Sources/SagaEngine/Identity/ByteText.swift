/// A text from outside that is the same as another when its bytes are, as in every database.
///
/// Swift's own `==` and hashing of texts take Unicode's equivalent spellings as one: `é` in one code point and in two.
/// A counterparty may have an account under each. Names, references and the keys of tables are therefore this, or a
/// ``ByteNamed`` type, and never a bare text.
public struct ByteText: ByteNamed, Sendable, Codable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The text.
    public let rawValue: String

    /// Takes a text as it is.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Takes a text as it is.
    public init(_ text: String) { rawValue = text }

    /// Takes a text from source code.
    public init(stringLiteral value: String) { rawValue = value }

    /// The text.
    public var description: String { rawValue }
}

/// A name whose identity and order are those of its bytes.
public protocol ByteNamed: RawRepresentable, Hashable, Comparable where RawValue == String {}

extension ByteNamed {
    /// Whether both are the same bytes.
    @inline(__always)
    public static func == (left: Self, right: Self) -> Bool { left.rawValue.isSameBytes(as: right.rawValue) }

    /// Whether their bytes differ; the standard library's own would compare the texts.
    public static func != (left: Self, right: Self) -> Bool { !left.rawValue.isSameBytes(as: right.rawValue) }

    /// Byte order, as SQLite and PostgreSQL's "C" collation sort.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.withBytes { left in right.rawValue.withBytes { left.precedes($0) } }
    }

    /// Feeds the bytes, in keeping with `==`.
    public func hash(into hasher: inout Hasher) {
        rawValue.withBytes { hasher.combine(bytes: $0) }
        hasher.combine(0xFF as UInt8)
    }
}

extension String {
    /// Whether both are the same bytes, which equivalent spellings are not.
    ///
    /// Stages are looked up by their names a dozen times a step, so most answers are had without looking at bytes.
    @inline(__always)
    public func isSameBytes(as other: String) -> Bool {
        if isSameValue(as: other) { return true }
        return utf8.count == other.utf8.count && holdsBytes(of: other)
    }

    /// Whether both are one value to the bit: a short text is held in the value itself, a longer one may be shared.
    /// Equal bytes in two places are two values, so only a "yes" says something.
    @inline(__always)
    private func isSameValue(as other: String) -> Bool {
        let (left, right) = (unsafeBitCast(self, to: Bits.self), unsafeBitCast(other, to: Bits.self))
        return left.0 == right.0 && left.1 == right.1
    }

    private typealias Bits = (UInt64, UInt64)

    @inline(never)
    private func holdsBytes(of other: String) -> Bool {
        // Short texts are told apart without a look at memory. Of texts that are equal as texts it says nothing.
        if utf8.count < 16, self != other { return false }
        return withBytes { left in other.withBytes { left.isSameBytes(as: $0) } }
    }

    /// Takes bytes of valid UTF-8. A short text is put together in the value itself, which is less work than to have
    /// it decoded byte by byte.
    init(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count < 16 else {
            self.init(decoding: bytes, as: UTF8.self)
            return
        }
        self.init(unsafeUninitializedCapacity: bytes.count) { room in
            _ = room.update(fromContentsOf: bytes)
            return bytes.count
        }
    }

    /// Lends the bytes, which are valid UTF-8. (`withUTF8` is for a text that may be changed: it takes a copy of this
    /// one, and counting copies up and down was half of such counting in a store's writer.)
    public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        if let value = utf8.withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) { return value }
        var text = self
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether both hold the same bytes; looked at eight at a time, since names are compared with every step.
    func isSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var offset = 0
        while offset + 8 <= count {
            let left = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard left == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
            offset += 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Whether these bytes sort before the others, a beginning of them included.
    func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
        let common = Swift.min(count, other.count)
        var offset = 0
        while offset + 8 <= common {
            let left = UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let right = UInt64(bigEndian: other.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            if left != right { return left < right }
            offset += 8
        }
        while offset < common {
            if self[offset] != other[offset] { return self[offset] < other[offset] }
            offset += 1
        }
        return count < other.count
    }
}
