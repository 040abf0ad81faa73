internal import SagaEngine

/// How rows become the engine's values.
enum PostgresRows {
    static func kind(_ code: Int64) throws(StoreError) -> EntryKind {
        guard let raw = UInt8(exactly: code), let kind = EntryKind(rawValue: raw) else {
            throw StoreError(.corrupt, "a journal entry is of kind \(code), which this program does not know")
        }
        return kind
    }
}
