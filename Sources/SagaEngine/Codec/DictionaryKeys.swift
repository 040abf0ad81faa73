/// Knows the coding key type that `Dictionary` uses, by which its containers are told from those of ordinary types.
enum DictionaryKeys {
    /// The standard library keeps the type internal, so it is asked for once with an empty dictionary.
    static let type: ObjectIdentifier = {
        let probe = KeyTypeProbe()
        do {
            try [String: Bool]().encode(to: probe)
        } catch {
            preconditionFailure("an empty dictionary writes nothing and so cannot fail: \(error)")
        }
        guard let found = probe.found else { preconditionFailure("Dictionary asks for a keyed container") }
        return found
    }()
}

/// An encoder that only remembers with which key type it was asked for a container.
private final class KeyTypeProbe: Encoder {
    var found: ObjectIdentifier?
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    private let sink = JSONWriter(userInfo: [:], limits: .standard)

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        found = ObjectIdentifier(type)
        return KeyedEncodingContainer(KeyedWriter<Key>(writer: sink, depth: 1, start: 0))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedWriter(writer: sink, depth: 1, start: 0)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        ValueEncoder(writer: sink, depth: 0, start: 0)
    }
}
