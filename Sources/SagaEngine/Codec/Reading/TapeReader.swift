/// A checked text and its tokens, from which values are read on demand; confined to the call that made it.
///
/// No foreign code runs while one of its properties is being changed, so the run-time exclusivity checks are left out.
final class TapeReader {
    let bytes: [UInt8]
    @exclusivity(unchecked) private(set) var tape: [JSONToken]
    private let given: [CodingUserInfoKey: any Sendable]
    /// The journals that evidence is looked up in; lent by the activation that reads.
    let shelf: EvidenceShelf?
    /// Where the nested value read last begins, and under which declared key, for faults that a type throws itself.
    @exclusivity(unchecked) private(set) var lastOffset = 0
    @exclusivity(unchecked) private var lastKey: (any CodingKey)?

    init(
        bytes: [UInt8], tape: [JSONToken], userInfo: [CodingUserInfoKey: any Sendable] = [:],
        shelf: EvidenceShelf? = nil
    ) {
        self.bytes = bytes
        self.tape = tape
        given = userInfo
        self.shelf = shelf
    }

    /// What types find in `Decoder.userInfo`, put together when one of them looks.
    var userInfo: [CodingUserInfoKey: any Sendable] {
        var all = given
        if let shelf { all[EvidenceShelf.key] = shelf }
        return all
    }

    var lastField: String? { CodecError.field(of: lastKey) }

    func fail(_ code: CodecError.Code, at index: Int, key: (any CodingKey)? = nil) -> CodecError {
        CodecError(code, offset: Int(tape[index].start), field: CodecError.field(of: key ?? lastKey))
    }

    func read<T: Decodable>(_ type: T.Type, at index: Int, key: (any CodingKey)?) throws -> T {
        lastOffset = Int(tape[index].start)
        lastKey = key
        return try T(from: ValueDecoder(reader: self, index: index))
    }

    // MARK: Leaves

    func isNull(_ index: Int) -> Bool {
        tape[index].kind == .null
    }

    func bool(_ index: Int) throws(CodecError) -> Bool {
        switch tape[index].kind {
        case .yes: return true
        case .no: return false
        case .null: throw fail(.valueMissing, at: index)
        case .integer, .fraction, .string, .object, .array: throw fail(.typeMismatch, at: index)
        }
    }

    func string(_ index: Int) throws(CodecError) -> String {
        let token = tape[index]
        guard token.kind == .string else {
            throw fail(token.kind == .null ? .valueMissing : .typeMismatch, at: index)
        }
        return text(of: token)
    }

    func integer<I: FixedWidthInteger>(_ index: Int, as type: I.Type) throws(CodecError) -> I {
        let token = tape[index]
        switch token.kind {
        case .integer: break
        case .fraction: throw fail(.floatingPoint, at: index)
        case .null: throw fail(.valueMissing, at: index)
        case .yes, .no, .string, .object, .array: throw fail(.typeMismatch, at: index)
        }
        guard let value = DecimalDigits.integer(bytes, token.range, as: type) else {
            throw fail(.numberOutOfRange, at: index)
        }
        return value
    }

    /// An integer that is written as a decimal string because other tools' numbers are too narrow for it.
    func wideInteger<I: FixedWidthInteger>(_ index: Int, as type: I.Type)
        throws(CodecError) -> I
    {
        let token = tape[index]
        guard token.kind == .string else { return try integer(index, as: type) }
        guard !token.isEscaped, DecimalDigits.isCanonical(bytes[token.range]) else {
            throw fail(.typeMismatch, at: index)
        }
        guard let value = DecimalDigits.integer(bytes, token.range, as: type) else {
            throw fail(.numberOutOfRange, at: index)
        }
        return value
    }

    func text(of token: JSONToken) -> String {
        if token.isEscaped { return String(decoding: JSONEscapes.resolved(bytes[token.range]), as: UTF8.self) }
        return bytes.withUnsafeBufferPointer {
            String(utf8: UnsafeBufferPointer(rebasing: $0[token.range]))
        }
    }

    // MARK: Containers

    func expect(_ kind: JSONToken.Kind, at index: Int) throws(CodecError) {
        let found = tape[index].kind
        guard found == kind else { throw fail(found == .null ? .valueMissing : .typeMismatch, at: index) }
    }

    /// The value of a member, searched from the one found last: members read in the order of the text cost one look.
    func member(_ name: String, of object: Int) -> Int? {
        name.withBytes { utf8 in
            let end = Int(tape[object].next)
            let last = Int(tape[object].mark)
            if let found = search(utf8, from: last, to: end) ?? search(utf8, from: object + 1, to: last) {
                tape[object].mark = UInt32(found)
                return found + 1
            }
            return nil
        }
    }

    private func search(_ name: UnsafeRawBufferPointer, from first: Int, to end: Int) -> Int? {
        var index = first
        while index < end {
            if matches(tape[index], name) { return index }
            index = Int(tape[index + 1].next)
        }
        return nil
    }

    @inline(__always)
    private func matches(_ token: JSONToken, _ name: UnsafeRawBufferPointer) -> Bool {
        if token.isEscaped { return JSONEscapes.resolved(bytes[token.range]).elementsEqual(name) }
        guard Int(token.end - token.start) == name.count else { return false }
        var at = Int(token.start)
        for byte in name {
            if bytes[at] != byte { return false }
            at += 1
        }
        return true
    }

    /// The names of an object's members, in the order of the text.
    func names(of object: Int) -> [String] {
        var names: [String] = []
        var index = object + 1
        while index < Int(tape[object].next) {
            names.append(text(of: tape[index]))
            index = Int(tape[index + 1].next)
        }
        return names
    }

    /// The keys and positions that lead from the whole text to a token.
    func path(to target: Int) -> [any CodingKey] {
        var path: [any CodingKey] = []
        var container = 0
        while container < target {
            let isObject = tape[container].kind == .object
            var child = container + (isObject ? 2 : 1)
            var position = 0
            while child < tape.count, Int(tape[child].next) <= target {
                child = Int(tape[child].next) + (isObject ? 1 : 0)
                position += 1
            }
            guard child <= target else { return path }
            path.append(isObject ? PathIndex.name(text(of: tape[child - 1])) : PathIndex(position))
            container = child
        }
        return path
    }
}
