internal import SagaEngine
public import SettlementFlows

extension OfferingBookError {
    /// What a job on a book's tables failed with, as the port says it.
    init(failureOf error: any Error) {
        self =
            switch error {
            case let error as OfferingBookError: error
            case let error as any TableError: .storage(code: error.code)
            case let error as StoreError: .storage(code: error.code.rawValue)
            case is OfferingBookDamage: .storage(code: "book.damaged")
            default: .storage(code: "book.failed")
            }
    }

    /// Whether the same may succeed later: the storage is away, busy or full.
    public var isPassing: Bool {
        guard case .storage(let code) = self else { return false }
        return Self.passing.contains(code)
    }

    /// Whether a row was not to be had in time, since another transaction held it.
    static func isContention(_ error: any TableError) -> Bool { error.code == contention }

    private static let contention = "postgres.contention"

    private static let passing: [String] = [
        StoreError.Code.unavailable.rawValue, "sqlite.busy", "sqlite.full", "sqlite.interrupted", "sqlite.locked",
        "sqlite.out_of_memory", "postgres.connection", contention, "postgres.readOnly", "postgres.resources",
        "postgres.stale",
    ]
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
