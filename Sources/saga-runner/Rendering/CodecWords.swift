internal import SagaEngine

extension CodecError.Code {
    /// What is wrong with a document that somebody has written, in their words.
    var meaning: String {
        switch self {
        case .tooLarge: "it is too large"
        case .tooDeep: "objects and arrays are nested too deeply"
        case .unexpectedEnd: "it ends in the middle"
        case .unexpectedByte, .trailingBytes: "something stands there that JSON does not allow"
        case .duplicateKey: "a member is named twice"
        case .invalidNumber: "a number is not written as JSON has it"
        case .invalidEscape, .controlCharacter: "a text holds a character that has to be escaped, or a wrong escape"
        case .invalidUTF8: "a text is not UTF-8"
        case .keyMissing: "it is missing"
        case .valueMissing: "it is null, and has to have a value"
        case .typeMismatch: "it is another kind of value than it has to be"
        case .numberOutOfRange: "the number is too large, too small or no whole number"
        case .floatingPoint: "write it as a text of digits, or as a whole number"
        case .endOfArray: "the list is too short"
        case .refusedByType: "its value cannot be"
        case .outsideEngine, .notProved, .notOnShelf: "it is evidence, which nobody but the engine makes"
        case .containerClosed, .valueWrittenTwice: "it cannot be written"
        }
    }
}
