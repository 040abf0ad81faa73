/// An address under the API: segments and a query, encoded as the daemon reads them.
struct APIPath: Sendable, Equatable {
    private let segments: [String]
    private var query: [(name: String, value: String)] = []

    /// A path under `/api/v1/`.
    init(_ segments: String...) {
        self.segments = segments
    }

    /// The path with one more parameter, unless there is no value for it.
    func with(_ name: String, _ value: String?) -> APIPath {
        guard let value else { return self }
        var path = self
        path.query.append((name, value))
        return path
    }

    /// Path and query as sent. A slash within a segment, as ids of children have them, is written `%23`: the server
    /// refuses `%2F`, which has two readings.
    var text: String {
        let path = segments.map { Self.encoded($0.replacing("/", with: "#")) }.joined(separator: "/")
        var text = "/api/v1/" + path
        if !query.isEmpty {
            text += "?" + query.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
        }
        return text
    }

    private static let digits = Array("0123456789ABCDEF")

    /// A text with all but the unreserved characters of RFC 3986 percent-encoded.
    static func encoded(_ plain: String) -> String {
        var text = ""
        for byte in plain.utf8 {
            let character = Character(UnicodeScalar(byte))
            if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
                text.append(character)
            } else {
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return text
    }

    static func == (left: APIPath, right: APIPath) -> Bool { left.text == right.text }
}
