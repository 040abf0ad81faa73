/// Hands loaded sagas to tasks that drive one after the other, so that not every turn begins a task of its own.
///
/// A task that finds nothing to drive stays here until there is something, or until the pool is closed.
final class DriverPool: Sendable {
    private typealias Place = UnsafeContinuation<LoadedSaga?, Never>

    private struct State {
        // Each place is taken out of the list before it is resumed, so none is resumed twice, and closing resumes all.
        var idle: [Place] = []
        var isClosed = false
    }

    private let state = Locked(State())

    /// Gives a saga to an idle driver; returns whether there was one.
    func take(_ saga: LoadedSaga) -> Bool {
        guard let place = state.withLock({ $0.idle.popLast() }) else { return false }
        place.resume(returning: saga)
        return true
    }

    /// The next saga for a driver that has finished one; `nil` once the pool is closed.
    func next() async -> LoadedSaga? {
        await withUnsafeContinuation { place in
            let isClosed = state.withLock { state -> Bool in
                if !state.isClosed { state.idle.append(place) }
                return state.isClosed
            }
            if isClosed { place.resume(returning: nil) }
        }
    }

    /// Lets idle drivers end, and every other one when it has finished.
    func close() {
        let idle = state.withLock { state -> [Place] in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for place in idle { place.resume(returning: nil) }
    }
}
