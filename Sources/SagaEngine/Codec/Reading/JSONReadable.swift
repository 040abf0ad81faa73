/// What is read so often that it reads itself, without `Decodable`'s containers: a fifth of the work.
///
/// The twin of ``JSONWritable``. The text is the one that the type's `Encodable` makes, and what is refused must be
/// what its `Decodable` refuses; tests hold the two together. Evidence is never read like this.
public protocol JSONReadable {
    /// Reads the value from its object.
    ///
    /// - Throws: ``CodecError`` with the member that is missing or is of another kind.
    init(_ object: JSONObject) throws(CodecError)
}

extension JournalDecoder {
    /// The value that one JSON text holds, as it reads itself.
    ///
    /// - Throws: what could not be read, with the offset of the byte.
    public func read<T: JSONReadable>(_ type: T.Type, from bytes: [UInt8]) throws(CodecError) -> T {
        let reader = TapeReader(bytes: bytes, tape: try JSONParser.tape(of: bytes, limits: limits))
        return try T(JSONObject(reader, at: 0))
    }
}
