/// Writes any `Encodable` as compact JSON whose bytes depend on the value alone, so that a replay can compare them.
///
/// - Members stand in the order in which the type encodes them; a nil given to `encodeIfPresent` is left out.
/// - Dictionaries with string or integer keys become objects sorted by the bytes of the key as written; other
///   dictionaries become arrays of key, value, … sorted by key; sets become arrays sorted by their elements' JSON.
///   A type that hands its own encoder on to a set (`set.encode(to: encoder)`) escapes that sorting: hand the set to a
///   container instead.
/// - `Int128` and `UInt128` become decimal strings, which other tools read exactly; narrower integers are numbers.
/// - `Float` and `Double` are refused: a journal must be exact.
public struct JournalEncoder: Sendable {
    /// What the types being written find in `Encoder.userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable]
    /// How long and how deep the JSON may become.
    public var limits: CodecLimits

    /// An encoder; it keeps nothing between values and may be shared.
    public init(userInfo: [CodingUserInfoKey: any Sendable] = [:], limits: CodecLimits = .standard) {
        self.userInfo = userInfo
        self.limits = limits
    }

    /// The value as one line of JSON in UTF-8.
    ///
    /// - Throws: what could not be written, with the bytes written so far and the field.
    public func encode<T: Encodable>(_ value: T) throws(CodecError) -> [UInt8] {
        try encode(value, with: JSONWriter(userInfo: userInfo, limits: limits))
    }

    /// The same with a writer that has been used before, and whose room is used again.
    func encode<T: Encodable>(_ value: T, with writer: JSONWriter) throws(CodecError) -> [UInt8] {
        writer.clear()
        do {
            try writer.write(value, key: nil, depth: 0)
            return try writer.finish()
        } catch {
            throw writer.fault
                ?? .wrapping(error, offset: writer.line.count, field: CodecError.field(of: writer.lastKey))
        }
    }
}
