internal import SagaEngine

/// Sagas that were claimed and need not be read back, since all that is stored of them was in the writer's memory.
///
/// The writer puts them here when their claim is durable, and whoever loads the claim takes them away: a saga that is
/// loaded once more under the same claim is read, with what has come for it since.
final class ClaimedSagas: Sendable {
    /// About how many are kept that nobody has loaded yet.
    static let limit = 4_096

    private let sagas = Locked(RecentTable<SagaNumber, LoadedSaga>(limit: limit / 2))

    /// Takes note of what a transaction has touched, which is not as it was claimed any longer, and of what it has
    /// claimed.
    func note(touched: [SagaNumber], taken: [LoadedSaga]) {
        guard !touched.isEmpty || !taken.isEmpty else { return }
        sagas.withLock { sagas in
            for number in touched { sagas[number] = nil }
            for saga in taken { sagas[saga.claim.number] = saga }
        }
    }

    /// Takes away what was kept for claims.
    func take(_ claims: [Claim]) -> [LoadedSaga?] {
        sagas.withLock { sagas in
            claims.map { claim in
                guard let saga = sagas[claim.number], saga.claim == claim else { return nil }
                sagas[claim.number] = nil
                return saga
            }
        }
    }

    /// Forgets everything.
    func forget() {
        sagas.withLock { $0.removeAll() }
    }
}
