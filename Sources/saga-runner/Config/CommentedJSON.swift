internal import SagaEngine

/// JSON with `//` comments, for files that people write.
enum CommentedJSON {
    /// The text with every comment turned into spaces, so that offsets, lines and columns stay what they were.
    static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var index = 0
        var isInString = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\") where isInString: index += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "/") where !isInString && index + 1 < bytes.count && bytes[index + 1] == bytes[index]:
                while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
                    bytes[index] = UInt8(ascii: " ")
                    index += 1
                }
            default: break
            }
            index += 1
        }
        return bytes
    }

    /// The value of a text; throws what is wrong with its line and column.
    static func parse(_ bytes: [UInt8]) throws(ConfigMistake) -> JSONValue {
        let plain = withoutComments(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? [0x20, 0x20, 0x20] + bytes[3...] : bytes)
        do {
            return try JSONValue.parse(plain)
        } catch {
            let before = plain.prefix(error.offset)
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            throw ConfigMistake(
                path: "line \(line), column \(error.offset - start + 1)",
                wrong: "this is no JSON (\(error.code.rawValue))",
                remedy: "JSON with // comments: quoted keys, commas between members, none after the last")
        }
    }
}
