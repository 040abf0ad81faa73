internal import SettlementFlows

extension OfferingBookError {
    /// What a job on a book's tables failed with, as the port says it.
    init(failureOf error: any Error) {
        self =
            switch error {
            case let error as OfferingBookError: error
            case let error as SQLiteError: .storage(code: error.code)
            case is OfferingBookDamage: .storage(code: "book.damaged")
            default: .storage(code: "book.failed")
            }
    }
}

extension SQLiteExecutor {
    /// Runs a job on a book's tables; it fails as the port says it.
    func performOnBook<Value: Sendable>(
        _ job: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(OfferingBookError) -> Value {
        do {
            return try await perform(job)
        } catch {
            throw OfferingBookError(failureOf: error)
        }
    }
}
