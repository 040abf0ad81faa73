/// Text that does to a terminal or a page nothing but stand there: no control characters, and nothing that turns the
/// direction of what follows, by which a text can be made to read as another.
public enum PlainText {
    /// The first character that is not plain and where it stands, counted from 1; `nil` when all are.
    ///
    /// - Returns: such as `U+202E at character 7`.
    public static func fault(in text: String) -> String? {
        for (offset, scalar) in text.unicodeScalars.enumerated() where !isPlain(scalar) {
            return "\(name(of: scalar)) at character \(offset + 1)"
        }
        return nil
    }

    /// The first character of a name that is not plain, or that is not seen at all, such as a zero-width space; `nil`
    /// when there is none. In words such characters may stand, since some scripts and signs need them.
    public static func unseen(in name: String) -> String? {
        for (offset, scalar) in name.unicodeScalars.enumerated() where !isPlain(scalar) || isUnseen(scalar) {
            return "\(self.name(of: scalar)) at character \(offset + 1)"
        }
        return nil
    }

    /// A name with each character that is not plain or not seen written as its code.
    public static func escaping(name: String) -> String {
        guard unseen(in: name) != nil else { return name }
        return name.unicodeScalars.reduce(into: "") { escaped, scalar in
            if isPlain(scalar), !isUnseen(scalar) {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "<\(self.name(of: scalar))>"
            }
        }
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return false }
        return scalar.properties.generalCategory == .format || scalar.properties.isDefaultIgnorableCodePoint
    }

    /// The text with each character that is not plain written as its code: `<U+202E>`.
    public static func escaping(_ text: String) -> String {
        guard !text.unicodeScalars.allSatisfy(isPlain) else { return text }
        return text.unicodeScalars.reduce(into: "") { escaped, scalar in
            if isPlain(scalar) { escaped.unicodeScalars.append(scalar) } else { escaped += "<\(name(of: scalar))>" }
        }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Printable ASCII is most of all text; the properties of others have to be looked up.
        case 0x20...0x7e: true
        // The controls of direction in UAX #9: marks, embeddings, overrides and isolates.
        case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: false
        default:
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
