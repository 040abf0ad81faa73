extension JSONValue {
    /// How a text is laid out.
    public enum Layout: Sendable {
        /// Without white space, for machines.
        case compact
        /// A member or element a line, two spaces a level, for people; no newline at the end.
        case pretty
    }

    /// Reads one strict JSON text (RFC 8259).
    ///
    /// - Throws: what is wrong and at which byte.
    public static func parse(_ bytes: [UInt8], limits: CodecLimits = .standard) throws(CodecError) -> JSONValue {
        let tape = try JSONParser.tape(of: bytes, limits: limits)
        return TapeReader(bytes: bytes, tape: tape, userInfo: [:]).value(at: 0)
    }

    /// Reads one strict JSON text (RFC 8259).
    ///
    /// - Throws: what is wrong and at which byte.
    public static func parse(_ text: String, limits: CodecLimits = .standard) throws(CodecError) -> JSONValue {
        try parse(Array(text.utf8), limits: limits)
    }

    /// The JSON text in UTF-8.
    public func bytes(_ layout: Layout = .compact) -> [UInt8] {
        var out = JSONLine()
        append(to: &out, layout: layout, level: 0)
        return out.bytes
    }

    /// The JSON text.
    public func text(_ layout: Layout = .compact) -> String {
        String(decoding: bytes(layout), as: UTF8.self)
    }

    private func append(to out: inout JSONLine, layout: Layout, level: Int) {
        switch self {
        case .null: out.append("null")
        case .bool(let value): out.append(value ? "true" : "false")
        case .number(let number): out.append(Array(number.text.utf8))
        case .string(let text): out.append(quoting: text)
        case .array(let elements):
            Self.appendList(elements, between: ("[", "]"), to: &out, layout: layout, level: level) { element, out in
                element.append(to: &out, layout: layout, level: level + 1)
            }
        case .object(let members):
            Self.appendList(members, between: ("{", "}"), to: &out, layout: layout, level: level) { member, out in
                out.append(quoting: member.name)
                out.append(layout == .pretty ? ": " : ":")
                member.value.append(to: &out, layout: layout, level: level + 1)
            }
        }
    }

    private static func appendList<Item>(
        _ items: [Item], between ends: (StaticString, StaticString), to out: inout JSONLine, layout: Layout, level: Int,
        item append: (Item, inout JSONLine) -> Void
    ) {
        out.append(ends.0)
        for (index, item) in items.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            if layout == .pretty { newline(level + 1, to: &out) }
            append(item, &out)
        }
        if layout == .pretty, !items.isEmpty { newline(level, to: &out) }
        out.append(ends.1)
    }

    private static func newline(_ level: Int, to out: inout JSONLine) {
        out.append(UInt8(ascii: "\n"))
        for _ in 0..<level { out.append("  ") }
    }
}

extension TapeReader {
    /// The tree under a token; the parser has bounded its depth.
    func value(at index: Int) -> JSONValue {
        let token = tape[index]
        switch token.kind {
        case .null: return .null
        case .yes: return .bool(true)
        case .no: return .bool(false)
        case .integer, .fraction: return .number(JSONNumber(checked: text(of: token)))
        case .string: return .string(text(of: token))
        case .array:
            var elements: [JSONValue] = []
            elements.reserveCapacity(Int(token.mark))
            var child = index + 1
            while child < Int(token.next) {
                elements.append(value(at: child))
                child = Int(tape[child].next)
            }
            return .array(elements)
        case .object:
            var members: [JSONValue.Member] = []
            var name = index + 1
            while name < Int(token.next) {
                members.append(JSONValue.Member(text(of: tape[name]), value(at: name + 1)))
                name = Int(tape[name + 1].next)
            }
            return .object(members)
        }
    }
}
