internal import SagaEngine

/// Whether the disk has failed under this store; once it has, nothing is read or written any more in this process.
final class StoreHealth: Sendable {
    private let damage = Locked<StoreError?>(nil)

    /// Throws what has damaged the store, if anything has.
    func check() throws(StoreError) {
        if let damage = damage.withLock({ $0 }) { throw damage }
    }

    /// The error to report for one that was thrown, perhaps while a transaction was being made durable; it is
    /// remembered when nothing can be trusted after it.
    func report(_ error: any Error, committing: Bool = false) -> StoreError {
        let reported = Self.storeError(for: error, committing: committing)
        guard reported.code == .damaged else { return reported }
        return damage.withLock { damage in
            let first = damage ?? reported
            damage = first
            return first
        }
    }

    private static func storeError(for error: any Error, committing: Bool) -> StoreError {
        if let error = error as? StoreError { return error }
        guard let error = error as? SQLiteError else {
            return StoreError(.misuse, "a job at the store failed: \(type(of: error))")
        }
        if committing {
            return StoreError(
                .damaged, "the transaction may or may not be durable: stop and open the store again (\(error))")
        }
        switch error.kind {
        case .inputOutput, .corrupt, .notADatabase:
            return StoreError(.damaged, "the disk or the file failed: stop and open the store again (\(error))")
        case .full:
            return StoreError(.unavailable, "the disk is full: nothing was written, make room (\(error))")
        case .busy, .locked, .cannotOpen, .readOnly, .permission, .interrupted, .outOfMemory:
            return StoreError(.unavailable, "\(error)")
        case .constraint, .schema:
            return StoreError(.corrupt, "\(error)")
        case .tooBig, .misuse, .other:
            return StoreError(.misuse, "\(error)")
        }
    }
}
