/// Reads any `Decodable` from strict JSON (RFC 8259): white space, key order and unknown members do not matter.
///
/// Refused are trailing bytes, duplicate members, numbers that do not fit exactly, text that is not UTF-8, unpaired
/// surrogates, and anything past the limits. The bytes are checked once and indexed; no tree is built.
public struct JournalDecoder: Sendable {
    /// What the types being read find in `Decoder.userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable]
    /// How long and how deep the JSON may be.
    public var limits: CodecLimits

    /// A decoder; it keeps nothing between values and may be shared.
    public init(userInfo: [CodingUserInfoKey: any Sendable] = [:], limits: CodecLimits = .standard) {
        self.userInfo = userInfo
        self.limits = limits
    }

    /// The value that one JSON text holds.
    ///
    /// - Throws: what could not be read, with the offset of the byte.
    public func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws(CodecError) -> T {
        try decode(type, from: bytes, within: nil)
    }

    /// The same within reach of the journals on a shelf.
    func decode<T: Decodable>(
        _ type: T.Type, from bytes: [UInt8], within shelf: EvidenceShelf?
    ) throws(CodecError) -> T {
        let reader = TapeReader(
            bytes: bytes, tape: try JSONParser.tape(of: bytes, limits: limits), userInfo: userInfo, shelf: shelf)
        do {
            return try T(from: ValueDecoder(reader: reader, index: 0))
        } catch {
            throw .wrapping(error, offset: reader.lastOffset, field: reader.lastField)
        }
    }
}
