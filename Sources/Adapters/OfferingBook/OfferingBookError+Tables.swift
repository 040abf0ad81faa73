internal import SettlementFlows

extension OfferingBookError {
    /// What a job on a book's tables failed with, as the port says it.
    init(failureOf error: any Error) {
        self =
            switch error {
            case let error as OfferingBookError: error
            case let error as any TableError: .storage(code: error.code)
            case is OfferingBookDamage: .storage(code: "book.damaged")
            default: .storage(code: "book.failed")
            }
    }
}

extension TableExecutor {
    /// Runs a job on a book's tables; it fails as the port says it.
    func performOnBook<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws(OfferingBookError) -> Value {
        do {
            return try await write(.bulk, job)
        } catch {
            throw OfferingBookError(failureOf: error)
        }
    }
}
