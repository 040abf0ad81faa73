/// Checks a JSON text once, front to back, and writes down where its values lie.
struct JSONParser {
    let bytes: [UInt8]
    let maxDepth: Int
    var at = 0
    private var tape: [JSONToken] = []

    /// The tokens of exactly one JSON value.
    static func tape(of bytes: [UInt8], limits: CodecLimits) throws(CodecError) -> [JSONToken] {
        guard bytes.count <= limits.maxBytes else { throw CodecError(.tooLarge, offset: limits.maxBytes) }
        var parser = JSONParser(bytes: bytes, maxDepth: limits.maxDepth)
        parser.tape.reserveCapacity(bytes.count / 8 + 4)
        try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == bytes.count else { throw parser.fault(.trailingBytes) }
        return parser.tape
    }

    private init(bytes: [UInt8], maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    func fault(_ code: CodecError.Code) -> CodecError {
        CodecError(code, offset: at)
    }

    /// The fault at the present byte, or the end of the text if there is none.
    func unexpected(_ code: CodecError.Code = .unexpectedByte) -> CodecError {
        fault(at < bytes.count ? code : .unexpectedEnd)
    }

    @inline(__always)
    func byte(_ expected: UInt8) -> Bool {
        at < bytes.count && bytes[at] == expected
    }

    private mutating func value(depth: Int) throws(CodecError) {
        skipSpace()
        guard at < bytes.count else { throw fault(.unexpectedEnd) }
        switch bytes[at] {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try literal("true", .yes)
        case UInt8(ascii: "f"): try literal("false", .no)
        case UInt8(ascii: "n"): try literal("null", .null)
        default: throw fault(.unexpectedByte)
        }
    }

    // MARK: Containers

    private mutating func object(depth: Int) throws(CodecError) {
        let index = try open(.object, depth: depth)
        tape[index].mark = UInt32(index + 1)
        var names = 0
        var hasEscapes = false
        if !byte(UInt8(ascii: "}")) {
            while true {
                skipSpace()
                guard byte(UInt8(ascii: "\"")) else { throw unexpected() }
                let name = tape.count
                names += 1
                try string()
                hasEscapes = hasEscapes || tape[name].isEscaped
                skipSpace()
                guard byte(UInt8(ascii: ":")) else { throw unexpected() }
                at += 1
                try value(depth: depth)
                skipSpace()
                guard byte(UInt8(ascii: ",")) else { break }
                at += 1
            }
        }
        guard byte(UInt8(ascii: "}")) else { throw unexpected() }
        close(index)
        // A few are compared with each other; what they contain does not count.
        if hasEscapes || names > 16 {
            try refuseRepeatedNamesByHash(of: index)
        } else {
            try refuseRepeatedNames(of: index)
        }
    }

    private mutating func array(depth: Int) throws(CodecError) {
        let index = try open(.array, depth: depth)
        var count: UInt32 = 0
        if !byte(UInt8(ascii: "]")) {
            while true {
                try value(depth: depth)
                count += 1
                skipSpace()
                guard byte(UInt8(ascii: ",")) else { break }
                at += 1
            }
        }
        guard byte(UInt8(ascii: "]")) else { throw unexpected() }
        close(index)
        tape[index].mark = count
    }

    private mutating func open(_ kind: JSONToken.Kind, depth: Int) throws(CodecError) -> Int {
        guard depth <= maxDepth else { throw fault(.tooDeep) }
        let index = tape.count
        tape.append(JSONToken(start: UInt32(at), end: 0, next: 0, kind: kind))
        at += 1
        skipSpace()
        return index
    }

    private mutating func close(_ index: Int) {
        at += 1
        tape[index].end = UInt32(at)
        tape[index].next = UInt32(tape.count)
    }

    private func refuseRepeatedNames(of object: Int) throws(CodecError) {
        let end = Int(tape[object].next)
        var later = object + 1
        while later < end {
            var earlier = object + 1
            while earlier < later {
                if ByteScan.equal(tape[earlier].range, tape[later].range, in: bytes) { throw repeated(later) }
                earlier = Int(tape[earlier + 1].next)
            }
            later = Int(tape[later + 1].next)
        }
    }

    private func refuseRepeatedNamesByHash(of object: Int) throws(CodecError) {
        let end = Int(tape[object].next)
        var seen = Set<ArraySlice<UInt8>>()
        var name = object + 1
        while name < end {
            let token = tape[name]
            let text = token.isEscaped ? JSONEscapes.resolved(bytes[token.range])[...] : bytes[token.range]
            guard seen.insert(text).inserted else { throw repeated(name) }
            name = Int(tape[name + 1].next)
        }
    }

    private func repeated(_ name: Int) -> CodecError {
        CodecError(.duplicateKey, offset: Int(tape[name].start) - 1)
    }

    // MARK: Leaves

    @inline(__always)
    mutating func skipSpace() {
        while at < bytes.count {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
            at += 1
        }
    }

    mutating func append(_ kind: JSONToken.Kind, from start: Int, to end: Int, isEscaped: Bool = false) {
        tape.append(
            JSONToken(
                start: UInt32(start), end: UInt32(end), next: UInt32(tape.count + 1), kind: kind, isEscaped: isEscaped))
    }

    private mutating func literal(_ word: StaticString, _ kind: JSONToken.Kind) throws(CodecError) {
        let start = at
        for index in 0..<word.utf8CodeUnitCount {
            guard byte(word.utf8Start[index]) else { throw unexpected() }
            at += 1
        }
        append(kind, from: start, to: at)
    }
}
