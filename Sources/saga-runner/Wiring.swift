internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// Puts a daemon together: the only place that knows every adapter, but for the stores.
enum Wiring {
    /// Opens the store and builds everything that works on it; nothing runs yet.
    static func assemble(
        _ config: RunnerConfig, clock: any SagaClock, logger: Logger, address: String, afterRestore: Bool
    ) async throws -> Assembly {
        let id = try runnerID(config)
        let identity = RunnerIdentity(
            name: id.rawValue, address: address, version: Version.text, host: StoreChoice.host)
        let store = try await StoreChoice.open(config, clock: clock, identity: identity, afterRestore: afterRestore)
        do {
            return try await assemble(config, as: identity, on: store, logger: logger)
        } catch {
            await store.close()
            throw error
        }
    }

    private static func assemble(
        _ config: RunnerConfig, as identity: RunnerIdentity, on store: any ServiceStore, logger: Logger
    ) async throws -> Assembly {
        let book = OfferingTables(on: store, clock: store.clock, owner: identity.name)
        if !store.isShared { try await ServiceLease.endAll(in: store) }
        try await book.tidy(alone: !store.isShared)
        let clients = try config.counterparties.map { try HTTPClient($0.http) }
        let parties = zip(config.counterparties, clients).map { counterparty($0, $1) }
        let readers = zip(config.counterparties, clients).map { party, http in
            (party.name, SandboxBooksReader(of: party.party, address: party.address, http: http))
        }
        let books = SandboxSettlementBooks(readers: Dictionary(uniqueKeysWithValues: readers), recorded: store)
        var registry = FlowRegistry()
        FlowCatalogue.register(
            into: &registry, book: book, books: books, neighbours: StoredNeighbours(tables: store, sagas: store),
            patience: config.patience)
        let metrics = Metrics()
        let outboxBell = ServiceBell()
        let observer = EngineObserver(metrics: metrics, logger: logger, onCommit: { outboxBell.ring() })
        let gate = Gate(
            limits: Dictionary(uniqueKeysWithValues: config.counterparties.map { ($0.name, $0.limits) }),
            money: config.moneyInFlight, clock: store.clock, events: observer,
            board: store.stakes.map { TableGateBoard(in: store, stakes: $0) }, runner: identity.name)
        let runner = Runner(
            id: RunnerID(identity.name), limits: config.runner.limits,
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: parties, gate: gate, policies: policies(config),
                digest: SHA256Digest(), entropy: SystemEntropy(), events: observer))
        let notes = ServiceNotes(in: store)
        for (note, value) in try await notes.notes(from: SwitchNote.prefix) where value == SwitchNote.off {
            let name = String(note.dropFirst(SwitchNote.prefix.count))
            gate.setSwitch(
                CounterpartyName(rawValue: name), off: true,
                why: try await notes.note(SwitchNote.reasonPrefix + name) ?? "")
        }
        let operations = Operations(runner: runner, singleHanded: config.singleHanded)
        return Assembly(
            config: config, identity: identity, started: store.clock.now(), store: store, book: book, clients: clients,
            registry: registry, runner: runner,
            operations: operations,
            inspection: Inspection(
                archive: store, registry: registry, digest: SHA256Digest(), singleHanded: config.singleHanded),
            gate: gate, metrics: metrics, observer: observer, logger: logger, notes: notes,
            answers: AnswerBook(in: store, clock: store.clock),
            evidence: EvidenceCabinet(in: store, clock: store.clock),
            intake: NoticeIntake(
                config: config, store: store, operations: operations, metrics: metrics, logger: logger,
                warnings: WarningDigest(clock: store.clock), refused: RefusedCallbacks()),
            outbox: config.outbox.map {
                OutboxDrain(
                    path: $0, books: store, clock: store.clock, notes: notes,
                    lease: ServiceLease(
                        OutboxDrain.service, holder: identity.name,
                        length: store.isShared ? OutboxDrain.leaseLength : OutboxDrain.leaseLengthAlone, in: store,
                        clock: store.clock), bell: outboxBell, logger: logger)
            },
            schedules: ScheduleService(
                config.schedules, store: store, operations: operations,
                log: ScheduleLog(logger: logger, metrics: metrics)))
    }

    /// What the sandbox's parties understand: this business's own instructions and no others.
    private static let mapping: SandboxOrder.Mapping = { instruction throws(Unrenderable) in
        guard Parties.recognise(instruction) else {
            throw Unrenderable("it is none of this business's own instructions")
        }
        return try SandboxOrder.plain(instruction)
    }

    private static func counterparty(_ party: RunnerConfig.Party, _ http: HTTPClient) -> any Counterparty {
        switch party.party {
        case .custodian:
            SandboxCustodian(terms: party.terms, address: party.address, http: http, mapping: mapping)
        case .blockchain:
            SandboxBlockchain(terms: party.terms, address: party.address, http: http, mapping: mapping)
        case .bank: SandboxBank(terms: party.terms, address: party.address, http: http, mapping: mapping)
        }
    }

    private static func policies(_ config: RunnerConfig) -> EnginePolicies {
        EnginePolicies(
            calls: Dictionary(uniqueKeysWithValues: config.counterparties.map { ($0.name, $0.retry) }),
            notices: Dictionary(uniqueKeysWithValues: config.counterparties.map { ($0.name, $0.notices) }),
            steps: config.steps)
    }

    /// Every life of a runner has a name of its own.
    private static func runnerID(_ config: RunnerConfig) throws -> RunnerID {
        RunnerID("\(config.runner.name)-\(SHA256Digest().hex(try SecureRandom.bytes(8)).prefix(12))")
    }
}
