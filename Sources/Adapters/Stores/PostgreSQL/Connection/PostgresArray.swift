internal import SagaEngine

/// One parameter of a statement in PostgreSQL's binary format: an array of integers, texts or byte strings, NULLs
/// among them, for `unnest`.
///
/// The format is `array_send`'s: dimensions, whether there are NULLs, the element type, then length and lower bound of
/// the one dimension; each element is its length and its bytes, everything big-endian.
struct PostgresArray: Sendable {
    /// The element types in use, by their object identifiers in `pg_type`.
    enum Element: UInt32, Sendable {
        case bigint = 20
        case text = 25
        case bytea = 17
    }

    private static let headerSize = 20
    private(set) var count: Int32 = 0
    private var hasNulls = false
    let element: Element
    private var content: [UInt8]

    init(of element: Element, capacity: Int = 0) {
        self.element = element
        content = []
        content.reserveCapacity(capacity * (element == .bigint ? 12 : 32))
    }

    mutating func append(_ number: Int64) {
        count += 1
        content.append(bigEndian: UInt32(8))
        content.append(bigEndian: UInt64(bitPattern: number))
    }

    mutating func append(_ number: Int64?) {
        if let number { append(number) } else { appendNull() }
    }

    mutating func append(_ text: String) {
        text.withBytes { append(bytes: $0) }
    }

    mutating func append(_ text: String?) {
        if let text { append(text) } else { appendNull() }
    }

    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append(bytes: $0) }
    }

    mutating func append(_ bytes: [UInt8]?) {
        if let bytes { append(bytes) } else { appendNull() }
    }

    mutating func append(bytes: UnsafeRawBufferPointer) {
        count += 1
        content.append(bigEndian: UInt32(bytes.count))
        content.append(contentsOf: bytes)
    }

    mutating func appendNull() {
        count += 1
        hasNulls = true
        content.append(bigEndian: UInt32.max)
    }

    /// How many bytes it is sent as.
    var encodedCount: Int { Self.headerSize + content.count }

    /// Writes the bytes to be sent.
    func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: UInt32(1))
        bytes.append(bigEndian: UInt32(hasNulls ? 1 : 0))
        bytes.append(bigEndian: element.rawValue)
        bytes.append(bigEndian: UInt32(bitPattern: count))
        bytes.append(bigEndian: UInt32(1))
        bytes.append(contentsOf: content)
    }
}

extension PostgresArray {
    /// An array of integers.
    init(_ numbers: some Collection<Int64>) {
        self.init(of: .bigint)
        count = Int32(numbers.count)
        content = [UInt8](unsafeUninitializedCapacity: numbers.count * 12) { buffer, used in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for number in numbers {
                bytes.storeBytes(of: UInt32(8).bigEndian, toByteOffset: used, as: UInt32.self)
                bytes.storeBytes(of: number.bigEndian, toByteOffset: used + 4, as: Int64.self)
                used += 12
            }
        }
    }

    /// An array of texts.
    init(_ texts: some Collection<String>) {
        self.init(of: .text, capacity: texts.count)
        for text in texts { append(text) }
    }
}

extension [UInt8] {
    mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
