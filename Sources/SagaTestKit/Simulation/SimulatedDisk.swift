public import SagaEngine

/// What outlives the runners of a simulation: a store, and what record handlers have written to it.
///
/// Its calls never suspend, so that nothing but the seed decides what happens next.
public protocol SimulatedDisk: SagaStore {
    /// The lines of a log, oldest first.
    func lines(of log: String) -> [MemoryBooks.Line]
}

extension MemoryStore: SimulatedDisk {
    /// The lines of a log, oldest first.
    public func lines(of log: String) -> [MemoryBooks.Line] { books.log(log) }
}
