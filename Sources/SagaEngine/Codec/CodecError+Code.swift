extension CodecError {
    /// The closed list of faults.
    public enum Code: String, CaseIterable, Sendable {
        /// The text is longer than the limit.
        case tooLarge
        /// Objects and arrays are nested deeper than the limit.
        case tooDeep
        /// The text ends in the middle of a value.
        case unexpectedEnd
        /// A byte stands where JSON allows none such.
        case unexpectedByte
        /// Something follows the value.
        case trailingBytes
        /// An object names a member twice.
        case duplicateKey
        /// A number breaks the grammar, such as a leading zero.
        case invalidNumber
        /// An escape is unknown, cut short or half a surrogate pair.
        case invalidEscape
        /// A string is not UTF-8.
        case invalidUTF8
        /// A string holds a control character that is not escaped.
        case controlCharacter
        /// The type needs a member that is not there.
        case keyMissing
        /// The type needs a value where null stands.
        case valueMissing
        /// The JSON is of another kind than the type needs.
        case typeMismatch
        /// The number does not fit the type exactly.
        case numberOutOfRange
        /// The type needs or holds a floating-point number.
        case floatingPoint
        /// The type reads more elements than the array has.
        case endOfArray
        /// The type's own coding refused the value.
        case refusedByType
        /// Something other than the engine tried to decode evidence.
        case outsideEngine
        /// The journal does not prove what the evidence's address claims.
        case notProved
        /// The journal that the evidence's address names is not at hand.
        case notOnShelf
        /// The type wrote into a container after leaving it.
        case containerClosed
        /// The type wrote two values where one belongs.
        case valueWrittenTwice

        var remedy: String {
            switch self {
            case .tooLarge: "write less than its reader takes"
            case .tooDeep: "nest objects and arrays less deeply than its reader takes"
            case .unexpectedEnd: "the text was cut short; read it again from its source"
            case .unexpectedByte, .invalidNumber, .invalidEscape, .controlCharacter: "write JSON as RFC 8259 has it"
            case .trailingBytes: "write one JSON value and nothing after it"
            case .duplicateKey: "name each member once"
            case .invalidUTF8: "write strings in UTF-8"
            case .keyMissing: "write the member, or declare it optional"
            case .valueMissing: "write a value instead of null, or declare it optional"
            case .typeMismatch: "write the kind of value the type declares"
            case .numberOutOfRange: "use a wider integer type"
            case .floatingPoint: "use integers or decimal strings: what is written must be exact"
            case .endOfArray: "write as many elements as the type reads"
            case .refusedByType: "see the type's own init(from:) or encode(to:)"
            case .outsideEngine: "evidence is decoded by the engine alone"
            case .notProved: "the evidence was refused or never proved; verify the audit chain"
            case .notOnShelf: "evidence comes from the saga itself or its ancestors"
            case .containerClosed: "finish one nested container before writing to its parent again"
            case .valueWrittenTwice: "write one value, into one kind of container"
            }
        }
    }
}
