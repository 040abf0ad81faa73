/// The target of a request line, accepted only in the one form that everybody reads alike.
///
/// libmicrohttpd decodes escapes before it hands a path on, so `%00` cuts it and `%2f` makes slashes; the raw text is
/// judged here instead, and nothing else is used.
struct RequestTarget: Sendable, Equatable {
    /// The most pairs a query may have.
    static let queryLimit = 64

    let path: String
    let segments: [String]
    let query: [HTTPQueryItem]

    /// Reads a raw target; nil for anything but an absolute path in canonical form with a well-formed query.
    init?(_ raw: [UInt8]) {
        guard raw.first == UInt8(ascii: "/"), raw.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") })
        else { return nil }
        let question = raw.firstIndex(of: UInt8(ascii: "?")) ?? raw.endIndex
        path = String(decoding: raw[..<question], as: UTF8.self)
        var segments: [String] = []
        let parts = raw[1..<question].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            guard !part.isEmpty || index == parts.count - 1, let segment = Self.segment(part) else { return nil }
            segments.append(segment)
        }
        self.segments = segments.isEmpty ? [""] : segments
        guard let query = Self.query(raw[question...].dropFirst()) else { return nil }
        self.query = query
    }

    private static func segment(_ raw: ArraySlice<UInt8>) -> String? {
        guard !raw.contains(UInt8(ascii: "\\")) else { return nil }
        guard let bytes = decode(raw, allowsUnreserved: false) else { return nil }
        let isHarmless = bytes.allSatisfy {
            $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
        }
        guard isHarmless, let text = String(validating: bytes, as: UTF8.self), text != ".", text != ".." else {
            return nil
        }
        return text
    }

    private static func query(_ raw: ArraySlice<UInt8>) -> [HTTPQueryItem]? {
        var items: [HTTPQueryItem] = []
        for pair in raw.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard items.count < queryLimit, let name = text(pair[..<equals]),
                let value = text(pair[equals...].dropFirst())
            else { return nil }
            items.append(HTTPQueryItem(name, value))
        }
        return items
    }

    private static func text(_ raw: ArraySlice<UInt8>) -> String? {
        let spaced = raw.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        guard let bytes = decode(spaced[...], allowsUnreserved: true), !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Undoes percent-encoding; an escape of a character that needs none is a second spelling of the same path.
    private static func decode(_ raw: ArraySlice<UInt8>, allowsUnreserved: Bool) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let decoded = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)),
                let value = decoded.first, allowsUnreserved || !isUnreserved(value)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-._~".utf8.contains(byte)
        }
    }
}
