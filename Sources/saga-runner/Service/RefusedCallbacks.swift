internal import SagaEngine

/// How many callbacks of each source were not believed since one was: a secret that is wrong shows there first.
final class RefusedCallbacks: Sendable {
    /// Those of one source.
    struct Run: Sendable, Equatable {
        fileprivate(set) var count: Int
        fileprivate(set) var lastAt: Timestamp
        fileprivate(set) var last: WebhookWarning
    }

    private let runs = Locked<[String: Run]>([:])

    /// Counts one. The source is one of the configuration's, so there are few.
    func note(_ warning: WebhookWarning, at moment: Timestamp) {
        runs.withLock { runs in
            let count = (runs[warning.source]?.count ?? 0) + 1
            runs[warning.source] = Run(count: count, lastAt: moment, last: warning)
        }
    }

    /// One was believed.
    func clear(_ source: String) {
        runs.withLock { $0[source] = nil }
    }

    /// Those of a source since one was believed; `nil` when there are none.
    subscript(source: String) -> Run? { runs.withLock { $0[source] } }
}
