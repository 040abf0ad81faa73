/// One parameter of a statement in PostgreSQL's binary format: an array of integers, texts or byte strings, NULLs
/// among them, for `unnest`.
///
/// The format is `array_send`'s: dimensions, whether there are NULLs, the element type, then length and lower bound of
/// the one dimension; each element is its length and its bytes, everything big-endian.
struct PostgresArray {
    /// The element types in use, by their object identifiers in `pg_type`.
    enum Element: UInt32 {
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
        content = [UInt8](repeating: 0, count: Self.headerSize)
        content.reserveCapacity(Self.headerSize + capacity * 16)
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
        var text = text
        text.withUTF8 { append(bytes: UnsafeRawBufferPointer($0)) }
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

    /// The bytes to be sent.
    var encoded: [UInt8] {
        var header: [UInt8] = []
        header.reserveCapacity(Self.headerSize)
        header.append(bigEndian: UInt32(1))
        header.append(bigEndian: UInt32(hasNulls ? 1 : 0))
        header.append(bigEndian: element.rawValue)
        header.append(bigEndian: UInt32(bitPattern: count))
        header.append(bigEndian: UInt32(1))
        var bytes = content
        for index in header.indices { bytes[index] = header[index] }
        return bytes
    }
}

extension PostgresArray {
    /// An array of integers.
    init(_ numbers: some Collection<Int64>) {
        self.init(of: .bigint, capacity: numbers.count)
        for number in numbers { append(number) }
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
