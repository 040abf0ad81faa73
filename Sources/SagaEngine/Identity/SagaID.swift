/// The permanent name of one saga; a child's is its parent's with the stage and the element appended.
///
/// A root saga's id is the business's own (an offering's id, say), so the same business cannot have two sagas.
/// Parts are separated by `/`; `SG-TOWER-1/fund/INV-0000001` is the saga that funds one line of an offering.
///
/// Two ids are the same when their bytes are, as in every database: Unicode's equivalence plays no part.
public struct SagaID: Sendable, RawRepresentable, CustomStringConvertible {
    /// The longest id accepted, in UTF-8 bytes.
    public static let maximumLength = 512

    /// The id as text.
    public let rawValue: String

    /// Takes an id as stored or typed; `nil` when a part is empty, holds `#` or a control character, or it is too long.
    public init?(rawValue: String) {
        guard rawValue.utf8.count <= Self.maximumLength, Self.isMadeOfParts(rawValue.utf8) else { return nil }
        self.rawValue = rawValue
    }

    /// Whether every part between two slashes may stand there; in one pass, since every row read is checked.
    private static func isMadeOfParts(_ text: String.UTF8View) -> Bool {
        var isEmpty = true
        for byte in text {
            if byte == UInt8(ascii: "/") {
                if isEmpty { return false }
                isEmpty = true
            } else {
                guard isOfPart(byte) else { return false }
                isEmpty = false
            }
        }
        return !isEmpty
    }

    private static func isOfPart(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "#") && byte != UInt8(ascii: "/")
    }

    /// Trusts text that an id has already been made of.
    init(trusted rawValue: String) {
        self.rawValue = rawValue
    }

    /// The id of the child that a stage of this saga starts for one element.
    public func child(of stage: StageName, element: ElementID) -> SagaID {
        SagaID(trusted: "\(rawValue)/\(stage.rawValue)/\(element.rawValue)")
    }

    /// Whether the text may stand between two slashes: not empty, no `/`, `#` or control character.
    public static func isPart(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isOfPart)
    }

    /// The id as text.
    public var description: String { rawValue }
}

extension SagaID: Codable {}

extension SagaID: Hashable {
    /// Compares the bytes.
    public static func == (left: SagaID, right: SagaID) -> Bool {
        left.rawValue.isSameBytes(as: right.rawValue)
    }

    /// Compares the bytes; the standard library's own would compare the texts.
    public static func != (left: SagaID, right: SagaID) -> Bool { !(left == right) }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    private func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        if let value = rawValue.utf8.withContiguousStorageIfAvailable(body) { return value }
        return Array(rawValue.utf8).withUnsafeBufferPointer(body)
    }
}

extension SagaID: Comparable {
    /// Orders ids by their UTF-8 bytes.
    public static func < (left: SagaID, right: SagaID) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}
