internal import SagaEngine

extension SagaID {
    /// An id as a row holds it.
    init(stored text: String) throws(StoreError) {
        guard let id = SagaID(rawValue: text) else {
            throw StoreError(.corrupt, "a row holds a saga's id that no saga can have")
        }
        self = id
    }
}
