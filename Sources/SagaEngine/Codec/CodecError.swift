/// Why a value could not be written as JSON or JSON could not be read; never carries what was read.
public struct CodecError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for metrics and decisions.
    public let code: Code
    /// The byte in the text read at which the fault lies; when writing, the bytes written so far.
    public let offset: Int
    /// The declared coding key nearest to the fault, when known; never a dictionary's key, which is data.
    public let field: String?

    /// A fault at a place; a type's own `init(from:)` may throw one and it reaches the caller unchanged.
    public init(_ code: Code, offset: Int = 0, field: String? = nil) {
        self.code = code
        self.offset = offset
        self.field = field
    }

    /// The place, the fault and the remedy, without payload.
    public var description: String {
        let place = field.map { "field \($0), byte \(offset)" } ?? "byte \(offset)"
        return "JSON \(code.rawValue) at \(place): \(code.remedy)"
    }
}

extension CodecError {
    /// The name of a key that a type declares; nil for keys that are data.
    static func field(of key: (any CodingKey)?) -> String? {
        guard let key, !(key is PathIndex), ObjectIdentifier(type(of: key)) != DictionaryKeys.type else { return nil }
        return key.stringValue
    }

    /// Turns whatever a type's own coding threw into a fault without payload.
    static func wrapping(_ error: any Error, offset: Int, field: String?) -> CodecError {
        if let own = error as? CodecError { return own }
        if let evidence = error as? EvidenceError {
            return CodecError(code(of: evidence), offset: offset, field: field)
        }
        return CodecError(.refusedByType, offset: offset, field: field)
    }

    private static func code(of error: EvidenceError) -> Code {
        switch error.code {
        case .outsideEngine: .outsideEngine
        case .notProved: .notProved
        case .notOnShelf: .notOnShelf
        }
    }
}
