internal import Adapters
internal import SagaEngine

/// The simulated world behind its lock, and its journals: nothing leaves before what brought it about is durable.
final class SandboxHouse: Sendable {
    let clock: any SagaClock
    let signal = WakeSignal()
    private let world: Locked<SimulatedWorld>
    private let queue: JournalFiles.Queue
    private let files: JournalFiles?

    init(_ configuration: SandboxConfiguration) throws(SandboxError) {
        clock = configuration.clock
        queue = JournalFiles.Queue()
        var world = SimulatedWorld(profiles: configuration.profiles, faults: configuration.faults)
        if let directory = configuration.journalDirectory {
            let names = configuration.profiles.map(\.name)
            let (files, journals) = try JournalFiles.open(directory, names, queue: queue)
            for name in names { world.restore(journals[name] ?? [], of: name, at: configuration.clock.now()) }
            self.files = files
        } else {
            files = nil
        }
        self.world = Locked(world)
    }

    /// Changes the world, and returns once the change is durable.
    func change<Value: Sendable>(
        _ body: (inout SimulatedWorld, Timestamp) -> Value
    ) async throws(SandboxError) -> Value {
        let now = clock.now()
        // The journal's order is the order of the changes, so lines are queued under the world's lock.
        let (value, ticket) = world.withLock { world in
            let value = body(&world, now)
            let events = world.takeEvents()
            return (value, files == nil ? 0 : queue.add(events))
        }
        if let files { try await files.sync(ticket) }
        signal.wake()
        return value
    }

    /// Reads the world.
    func read<Value: Sendable>(_ body: (borrowing SimulatedWorld) -> Value) -> Value {
        world.withLock { body($0) }
    }
}
