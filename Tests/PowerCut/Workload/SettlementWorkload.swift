import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import SettlementFlows

/// The settlement of one offering of five investors, with the real flows on the real store in a folder.
///
/// It can be run in a folder where an earlier run was cut off; the counterparties, which no power cut of ours touches,
/// are then given the journals they had.
struct SettlementWorkload: Sendable {
    /// How a run ends.
    enum Ending {
        case completed(Settlement, effects: [String])
        /// The store has stopped for good; the process must end.
        case stopped(String)
        /// The store has been away for long and may come back.
        case waiting(String)
    }

    let folder: String
    let clock: SimulatedClock
    let world: MockWorld
    let sink: PromiseSink?
    /// Whether commits are not synced: what must be found out.
    var isLax = false

    private static let start = Timestamp(milliseconds: 1_767_225_600_000)
    private static let patience = 300
    private static let price = "2520.00"
    static let units: [(investor: String, units: UInt64)] = [
        ("INV-1", 6), ("INV-2", 4), ("INV-3", 2), ("INV-4", 1), ("INV-5", 1),
    ]

    /// A run in an empty folder that writes down what it promises.
    static func fresh(in folder: String, isLax: Bool) throws -> SettlementWorkload {
        let clock = SimulatedClock(now: start)
        let world = MockWorld(clock: clock)
        try openAccounts(in: world)
        let sink = try PromiseSink(folder: folder, clock: clock)
        sink.report(world)
        return SettlementWorkload(folder: folder, clock: clock, world: world, sink: sink, isLax: isLax)
    }

    /// A run that goes on where another was cut off.
    static func recovery(in folder: String, after promises: Promises) throws -> SettlementWorkload {
        let clock = SimulatedClock(now: max(start, promises.now))
        let world = MockWorld(clock: clock)
        if promises.events.isEmpty { try openAccounts(in: world) }
        world.change { world in
            for party in [CounterpartyName("custodian"), "blockchain", "bank"] {
                world.restore(promises.events[party] ?? [], of: party, at: clock.now())
            }
        }
        return SettlementWorkload(folder: folder, clock: clock, world: world, sink: nil)
    }

    static func configuration(_ folder: String, _ clock: SimulatedClock) -> SQLiteStoreConfiguration {
        SQLiteStoreConfiguration(
            path: "\(folder)/sagas.db", clock: clock, digest: CryptoDigest(), handlers: FlowCatalogue.recordHandlers,
            anchorPath: "\(folder)/anchor.json", minimumFreeBytes: 0)
    }

    static func offering() throws -> Offering {
        try Offering(
            id: OfferingID("SG-TOWER-5"), name: "Tower", unitPrice: Money(.sgd, text: price),
            unitsOffered: Units(10), minimumUnits: Units(1), issuerAccount: AccountID("ISS-1"),
            treasuryAccount: AccountID("TRE-1"), tokenAsset: AssetID("DABS-5"), refundTo: .deposit, closesAt: start,
            allotmentAt: start + .seconds(30), timeZone: "Asia/Singapore")
    }

    /// Opens the store, loads the offering if it must, and settles it.
    func run() async throws -> Ending {
        var refusals = 0
        while true {
            do {
                let store = try await SQLiteStore.open(Self.configuration(folder, clock))
                if isLax { try await store.runOnWriter { try $0.execute("PRAGMA synchronous = NORMAL") } }
                let ending = try await run(on: store)
                await store.close()
                return ending
            } catch let error as StoreError {
                refusals += 1
                guard error.code == .unavailable else { return .stopped("\(error)") }
                if refusals > Self.patience { return .waiting("\(error)") }
            }
        }
    }

    private func run(on sqlite: SQLiteStore) async throws -> Ending {
        let book = OfferingTables(on: sqlite)
        if let ending = try await load(into: book, on: sqlite) { return ending }
        sink?.say([["sealed", try Self.offering().id.rawValue]])
        let store = PromisingStore(sqlite, sink: sink)
        var registry = FlowRegistry()
        FlowCatalogue.register(
            into: &registry, book: book, books: WorkloadBooks(world: world, store: sqlite),
            neighbours: NoNeighbours())
        let runner = Runner(
            id: RunnerID(sink == nil ? "recovery" : "first"),
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: parties(), digest: CryptoDigest(),
                entropy: SeededEntropy(seed: 7)))
        let driver = SettlementDriver(workload: self, store: store, runner: runner)
        return try await driver.drive(try await offering(sealedIn: book))
    }

    private func offering(sealedIn book: OfferingTables) async throws -> SealedOffering {
        guard let sealed = try await book.sealed(try Self.offering().id) else {
            throw StoreError(.corrupt, "the offering is sealed and is not there")
        }
        return sealed
    }

    /// Loads and seals the offering unless it is; the ending when that cannot be done.
    private func load(into book: OfferingTables, on store: SQLiteStore) async throws -> Ending? {
        var refusals = 0
        while true {
            do {
                if try await book.sealed(try Self.offering().id) == nil { try await load(into: book) }
                return nil
            } catch let error as OfferingBookError {
                if await Self.isDamaged(store) { return .stopped("\(error)") }
                refusals += 1
                if refusals > Self.patience { return .waiting("\(error)") }
            }
        }
    }

    private static func isDamaged(_ store: SQLiteStore) async -> Bool {
        do {
            _ = try await store.nextWake(for: [])
            return false
        } catch {
            return error.code == .damaged
        }
    }

    private func load(into book: OfferingTables) async throws {
        let offering = try Self.offering()
        let investors = try await book.beginLoad(of: offering.id, part: .investors)
        try await book.add(
            Self.units.enumerated().map { Numbered(line: $0.offset + 2, row: try Self.investor($0.element.investor)) },
            to: investors)
        _ = try await book.finish(investors)
        let log = try await book.beginLoad(of: offering.id, part: .subscriptions)
        try await book.add(
            Self.units.enumerated().map { index, wanted in
                let event = SubscriptionEvent(
                    subscription: try SubscriptionID("SUB-\(index)"), investor: try InvestorID(wanted.investor),
                    submittedAt: Self.start + .seconds(Int64(index) - 3_600), action: .apply, units: wanted.units)
                return Numbered(line: index + 2, row: event)
            }, to: log)
        _ = try await book.finish(log)
        _ = try await book.seal(offering, investors: .required)
    }

    private static func investor(_ id: String) throws -> Investor {
        let tail = id.dropFirst(4)
        return Investor(
            id: try InvestorID(id), name: "Investor \(tail)", email: "\(tail)@example.com",
            accounts: InvestorAccounts(
                escrow: try AccountID("ESC-\(tail)"), deposit: try AccountID("DEP-\(tail)"),
                token: try AccountID("TOK-\(tail)"), tokenAddress: try TokenAddress("0x\(tail)")),
            bankAccount: "100-\(tail)", bankBIC: "DBSSSGSG")
    }

    private static func openAccounts(in world: MockWorld) throws {
        let paid = try units.map { (try investor($0.investor).accounts, "\($0.units * 2_520).00") }
        world.change { world in
            world.open("ISS-1", at: Parties.custodian)
            world.open("TRE-1", at: Parties.custodian)
            for (accounts, amount) in paid {
                world.deposit(amount, "SGD", into: accounts.escrow.rawValue, at: Parties.custodian)
                world.open(accounts.deposit.rawValue, at: Parties.custodian)
                world.open(accounts.token.rawValue, at: Parties.custodian)
            }
        }
    }

    private func parties() -> [any Counterparty] {
        [Parties.custodian, Parties.blockchain, Parties.bank].map { party in
            let mock = world.counterparty(party, instructions: Parties.instructions(for: party)) {
                (instruction) throws(Unrenderable) in
                guard Parties.recognise(instruction) else { throw Unrenderable("it is none of this business's own") }
                return try SandboxOrder.plain(instruction)
            }
            return ReportingParty(base: mock, world: world, sink: sink)
        }
    }
}
