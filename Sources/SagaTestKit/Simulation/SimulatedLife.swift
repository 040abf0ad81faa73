internal import SagaEngine

/// One life of one process: a runner on the disk, which is lost whole when it dies.
final class SimulatedLife: Sendable {
    let store: FaultyStore
    let runner: Runner
    private let clock: SimulatedClock
    private let thaw = Locked<Timestamp?>(nil)

    init(name: String, simulation: Simulation) {
        clock = simulation.clock
        let door = SimulatedDoor()
        store = FaultyStore(
            simulation.disk, plan: simulation.persistPlan, tally: simulation.persists,
            before: { await door.life?.stayFrozen() },
            after: { batch in simulation.wakeOthers(than: door.life, after: batch) })
        runner = Runner(
            id: RunnerID(name), limits: simulation.plan.limits,
            ports: Runner.Ports(
                store: store, registry: simulation.registry,
                counterparties: simulation.parties.counterparties.map {
                    GuardedCounterparty(base: $0, door: door, simulation: simulation)
                },
                policies: simulation.plan.policies, digest: simulation.digest,
                entropy: SeededEntropy(seed: simulation.chance.next()), events: simulation.plan.events))
        door.open(self)
    }

    var isAlive: Bool { !store.isDead }
    var isFrozen: Bool { thaw.withLock { $0.map { $0 > clock.now() } ?? false } }

    /// The process is killed: whatever it still does reaches nobody.
    func die() {
        store.kill()
        runner.stop()
    }

    /// The process stands still until a moment.
    func freeze(for span: Span) {
        let moment = clock.now() + span
        thaw.withLock { $0 = max($0 ?? moment, moment) }
    }

    func stayFrozen() async {
        // In a cancelled task sleeping returns at once: the simulation is over, and nobody is left to stand still for.
        while let moment = thaw.withLock({ $0 }), moment > clock.now(), isAlive, !Task.isCancelled {
            await clock.sleep(until: moment)
        }
    }
}

/// Lets what a life is made of find the life.
final class SimulatedDoor: Sendable {
    private struct Reference {
        weak var life: SimulatedLife?
    }

    private let reference = Locked(Reference())

    var life: SimulatedLife? { reference.withLock { $0.life } }

    func open(_ life: SimulatedLife) { reference.withLock { $0.life = life } }
}
