import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// A server that is replaced by an older copy of itself while runners work on it.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped), .serialized)
struct PostgreSQLNewLifeTests {
    /// A store whose connections can be told from everybody else's.
    private static func open(_ schema: ScratchSchema, _ clock: SimulatedClock) async throws -> PostgresStore {
        var configuration = try schema.configuration(clock: clock)
        configuration.application = schema.name
        configuration.reconnectPause = .milliseconds(0)
        return try await PostgresStore.open(configuration)
    }

    /// As if a standby had been promoted that knew nothing of the last epochs: the server goes on with another
    /// timeline, and the store's connections have ended with the old one.
    private static func promote(_ schema: ScratchSchema) throws {
        try schema.run(
            """
            ALTER TABLE incarnation DISABLE TRIGGER USER;
            UPDATE incarnation SET timeline = '0000AAAA';
            SELECT setval('epoch_number', 1, false);
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = '\(schema.name)' AND pid <> pg_backend_pid();
            """)
    }

    /// The store says that it is away for a moment when its connection has just ended.
    private static func retrying<Value>(_ body: () async throws -> Value) async throws -> Value {
        for _ in 0..<100 {
            do {
                return try await body()
            } catch let error as StoreError where error.code == .unavailable {
                continue
            }
        }
        return try await body()
    }

    @Test func `leases of an earlier life count no more and are not prolonged, and what they held can be claimed`()
        async throws
    {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let store = try await Self.open(schema, clock)
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["S-1"], under: lease).first)
        #expect(try await store.incarnation().number == 0)
        try Self.promote(schema)
        let append = try await Self.retrying { try await hand.append(to: "S-1", claim) }
        let renewal = LeaseRequest(runner: lease.runner, length: .hours(1))
        let results = try await Self.retrying {
            try await store.commit([.append(append), .lease(renewal)], under: lease)
        }
        guard case .fenced = results.first, case .fenced = results.last else {
            Issue.record("\(results)")
            return
        }
        #expect(try await Self.retrying { try await store.incarnation().number } == 1)
        // Time has not passed: nobody waits until the lease is over that the copy has.
        let renewed = try await hand.lease()
        #expect(renewed.epoch > lease.epoch, "an epoch is granted again")
        let request = ClaimRequest(limit: 9, flows: [StoreHand.flow])
        guard case .claimed(let claims) = try await store.commit([.claim(request)], under: renewed).first,
            let own = claims.first
        else {
            Issue.record("what was held under a lease of an earlier life cannot be claimed")
            return
        }
        #expect(own.number == claim.number)
        let again = try await hand.append(to: "S-1", own)
        guard case .appended = try await store.commit([.append(again)], under: renewed).first else {
            Issue.record("a lease that was granted in the new life does not count")
            return
        }
        await store.close()
        try schema.drop()
    }

    /// Ends with what it was given.
    private struct Echo: Saga {
        typealias Input = Int64
        typealias Output = Int64
        enum Stage: String, SagaStage { case only }
        static let name = "echo"

        func run(_ input: Int64, in saga: SagaContext<Stage>) async throws -> Int64 {
            try await saga.step(.only) { input }
        }
    }

    /// Keeps all events.
    private final class EventLog: EventSink {
        private let events = Locked<[EngineEvent]>([])
        func record(_ event: EngineEvent) { events.withLock { $0.append(event) } }
        var all: [EngineEvent] { events.withLock { $0 } }
    }

    /// The copy has a saga in the hands of a runner that has long finished with it, or has never heard of it.
    @Test(.timeLimit(.minutes(1)))
    func `a runner that meets the new life while it prolongs its lease strands nothing`() async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let store = try await Self.open(schema, clock)
        let events = EventLog()
        var registry = FlowRegistry()
        registry.register(Echo())
        let runner = Runner(
            id: RunnerID("r1"),
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: [], digest: PlainSHA256(),
                entropy: SeededEntropy(seed: 1), events: events))
        let rival = try await PostgresStore.open(try schema.configuration(clock: clock))
        let hand = StoreHand(store: rival, clock: clock)
        let begin = clock.now()
        async let end: Void = runner.run()
        // It has a lease, and has found nothing to claim.
        while events.all.count(where: { if case .committed = $0 { true } else { false } }) < 2 { await Task.yield() }
        let lease = try await hand.lease("r1", for: .seconds(15))
        _ = try await rival.commit(
            [
                .submit(try hand.seed("S-1", flow: Echo.flow, input: "7")),
                .claim(ClaimRequest(limit: 9, flows: [Echo.flow])),
            ],
            under: lease)
        try Self.promote(schema)
        clock.advance(to: begin + .seconds(6))
        var status = SagaStatus.pending
        let deadline = ContinuousClock.now + .seconds(20)
        while status != .completed, ContinuousClock.now < deadline {
            await Task.yield()
            status = try await rival.row(of: try hand.id("S-1"))?.standing.status ?? .pending
            // Not so far that the lease would be over by itself.
            if let next = clock.nextMoment, next < begin + .seconds(14) { clock.advance(to: next) }
            runner.wake()
        }
        #expect(status == .completed, "it is held under a lease that its holder prolongs, and nobody carries it on")
        #expect(events.all.contains { if case .startedOver = $0 { true } else { false } })
        #expect(events.all.contains { if case .reincarnated(let life) = $0 { life.number == 1 } else { false } })
        runner.stop()
        try await end
        await store.close()
        await rival.close()
        try schema.drop()
    }

    @Test func `batches in doubt are not carried out once more on another server`() throws {
        let schema = ScratchSchema()
        let configuration = try schema.configuration()
        try schema.run("CREATE SCHEMA IF NOT EXISTS \(schema.name)")
        _ = try PostgresSchema.migrate(try PostgresSession.connect(configuration), in: schema.name)
        let link = PostgresLink(
            configuration, clock: PostgresClock(showing: Timestamp(milliseconds: 0)), entropy: SeededEntropy(seed: 1))
        let writer = PostgresWriter(configuration, link, wakened: {})
        let outcomes = Locked<[Result<[StoreResult], StoreError>]>([])
        func request(_ action: String) -> CommitRequest {
            CommitRequest(batch: [.print(StoreHand.print(action))], lease: nil) { outcome in
                outcomes.withLock { $0.append(outcome) }
            }
        }
        // Prepares the statement, which the lock would keep from being prepared.
        writer.commit([request("retry")])
        writer.finish()
        let session = try link.session()
        let rival = try PostgresConnection(url: try #require(ScratchSchema.url), application: "saga-runner tests")
        try rival.execute("SET search_path = \(schema.name); BEGIN; LOCK TABLE print IN EXCLUSIVE MODE")
        writer.commit([request("resume"), request("cancel")])
        let end = PostgresStatement("test_end", "SELECT pg_terminate_backend($1::bigint::int, 10000)")
        _ = try rival.run(end, .bigint(Int64(session.connection.backend)))
        try rival.execute("ROLLBACK")
        session.lineage = PostgresSession.Lineage(system: session.lineage.system, timeline: "0000AAAA")
        writer.finish()
        let seen = outcomes.withLock { $0 }
        #expect(seen.count == 3)
        for outcome in seen.dropFirst() {
            guard case .failure(let error) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(error.code == .unavailable)
        }
        let count = PostgresStatement("test_count", "SELECT count(*) FROM \(schema.name).print")
        #expect(try rival.run(count).first?.int64(0) == 1)
        link.close()
        try schema.drop()
    }

    @Test func `the anchor of a runner that goes on in a new life does not speak against it at the next start`()
        async throws
    {
        let schema = ScratchSchema()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(schema.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        var configuration = try schema.configuration()
        configuration.application = schema.name
        configuration.reconnectPause = .milliseconds(0)
        configuration.anchorPath = folder.appendingPathComponent("anchor").path
        let store = try await PostgresStore.open(configuration)
        _ = try await store.commit([.print(StoreHand.print("retry"))], under: nil)
        store.anchor?.note(try #require(try await store.seal()))
        // The standby has missed the seal.
        try schema.run("ALTER TABLE seal DISABLE TRIGGER USER; DELETE FROM seal")
        try Self.promote(schema)
        _ = try await Self.retrying { try await store.commit([.print(StoreHand.print("resume"))], under: nil) }
        await store.close()
        await (try PostgresStore.open(configuration)).close()
        try schema.drop()
    }

    @Test func `an anchor that is made anew says at once which life it is of`() async throws {
        let schema = ScratchSchema()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(schema.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        // The first one makes the database, the second one finds it.
        for name in ["a", "b"] {
            var configuration = try schema.configuration()
            let path = folder.appendingPathComponent(name).path
            configuration.anchorPath = path
            let store = try await PostgresStore.open(configuration)
            #expect(try AuditAnchor.read(from: path)?.life == 0)
            await store.close()
        }
        try schema.drop()
    }

    /// A runner that starts on a copy which lacks what its anchor remembers refuses it, and leaves it as it is; once a
    /// person has had one of them begin a new life, the others follow.
    @Test func `an anchor of an earlier life does not speak against a life that somebody has begun`() async throws {
        let schema = ScratchSchema()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(schema.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let runners = try ["a", "b"].map { name in
            var configuration = try schema.configuration()
            configuration.application = schema.name
            configuration.identity = RunnerIdentity(name: name, address: "", version: "1", host: "here")
            configuration.anchorPath = folder.appendingPathComponent(name).path
            return configuration
        }
        let first = try await PostgresStore.open(runners[0])
        _ = try await first.commit([.print(StoreHand.print("retry"))], under: nil)
        let head = try #require(try await first.seal())
        let second = try await PostgresStore.open(runners[1])
        for store in [first, second] {
            store.anchor?.note(head)
            await store.close()
        }
        // A standby that has missed the seal was promoted while nobody worked on it.
        try schema.run("ALTER TABLE seal DISABLE TRIGGER USER; DELETE FROM seal")
        try Self.promote(schema)
        for runner in runners + runners {
            let error = await #expect(throws: StoreError.self) { _ = try await PostgresStore.open(runner) }
            #expect(error?.code == .misuse && error?.detail.contains("older than its anchor") == true)
        }
        let connection = try PostgresSession.connect(runners[0])
        #expect(try Lifeline.newestLife(connection)?.number == 0, "a refused start has begun a life")

        var asked = runners[0]
        asked.afterRestore = true
        let one = try await PostgresStore.open(asked)
        let other = try await PostgresStore.open(runners[1])
        #expect(try await other.incarnation() == one.incarnation())
        await one.close()
        await other.close()
        // Both are anchored to this life, which was set back in its turn: that nobody has said.
        _ = try await Self.retrying {
            let store = try await PostgresStore.open(runners[1])
            _ = try await store.commit([.print(StoreHand.print("resume"))], under: nil)
            store.anchor?.note(try #require(try await store.seal()))
            await store.close()
        }
        try schema.run("DELETE FROM seal")
        await #expect(throws: StoreError.self) { _ = try await PostgresStore.open(runners[1]) }
        try schema.drop()
    }

    /// Two copies of one database are put to use one after the other: both begin the life that comes after the copy's.
    @Test func `an anchor of a life of the same number that was given up does not speak against the newer one`()
        async throws
    {
        let schema = ScratchSchema()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(schema.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let clock = SimulatedClock()
        var runners: [PostgresStoreConfiguration] = []
        for name in ["a", "b"] {
            var configuration = try schema.configuration(clock: clock)
            configuration.anchorPath = folder.appendingPathComponent(name).path
            runners.append(configuration)
            await (try PostgresStore.open(configuration)).close()
        }
        var asked = runners[0]
        asked.afterRestore = true
        for copy in 1...2 {
            clock.advance(by: .seconds(60))
            let one = try await PostgresStore.open(asked)
            #expect(try await one.incarnation().number == 1)
            if copy == 2 {
                // It has not started again yet, and its anchor is of the other life 1.
                let report = try await Self.verified(runners[1])
                #expect(report.fault == nil)
            }
            let other = try await PostgresStore.open(runners[1])
            _ = try await one.commit([.print(StoreHand.print("retry"))], under: nil)
            let head = try #require(try await one.seal())
            for store in [one, other] {
                store.anchor?.note(head)
                await store.close()
            }
            guard copy == 1 else { continue }
            // The copy of life 0 again, which has no seal.
            try schema.run(
                """
                ALTER TABLE seal DISABLE TRIGGER USER; DELETE FROM seal;
                ALTER TABLE incarnation DISABLE TRIGGER USER; DELETE FROM incarnation WHERE number = 1;
                """)
            await #expect(throws: StoreError.self) { _ = try await PostgresStore.open(runners[1]) }
        }
        try schema.drop()
    }

    /// The anchor once it has come up with a seal.
    @discardableResult
    private static func awaitSeal(_ number: Int64, in path: String) async throws -> AuditAnchor? {
        var anchor = try AuditAnchor.read(from: path)
        for _ in 0..<1_000_000 where anchor?.seal != number {
            await Task.yield()
            anchor = try AuditAnchor.read(from: path)
        }
        #expect(anchor?.seal == number)
        return anchor
    }

    /// What somebody finds who only looks.
    private static func verified(_ configuration: PostgresStoreConfiguration) async throws -> AuditReport {
        let store = try await PostgresStore.openForReading(configuration)
        let report = try await store.verifyAudit()
        await store.close()
        return report
    }

    /// With its connections left as they are, as by somebody who restores into a database that runners work on.
    @Test(arguments: [
        ("an older copy", "DELETE FROM seal WHERE number > 1", "a copy was put back under it"),
        (
            "another branch",
            "UPDATE seal SET link = sha256(link) WHERE number = 2; INSERT INTO seal SELECT 3, at, writers, after, upto, "
                + "sha256(link) FROM seal WHERE number = 2",
            "a copy was put back under it"
        ),
        ("another store", "UPDATE meta SET value = 'another' WHERE key = 'store'", "another store"),
    ])
    func `what is put in a running store's place is noticed`(_ what: String, _ script: String, _ complaint: String)
        async throws
    {
        let schema = ScratchSchema()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(schema.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let path = folder.appendingPathComponent("anchor").path
        var configuration = try schema.configuration()
        configuration.anchorPath = path
        configuration.reconnectPause = .milliseconds(0)
        let store = try await PostgresStore.open(configuration)
        for _ in 1...2 {
            _ = try await store.commit([.print(StoreHand.print("retry"))], under: nil)
            _ = try #require(try await store.seal())
        }
        let attending = Task { await store.attend(ring: {}) }
        try await Self.awaitSeal(2, in: path)
        try schema.run("ALTER TABLE seal DISABLE TRIGGER USER; " + script)
        var refusal: StoreError?
        // The store looks once a second.
        for _ in 0..<1_000_000 where refusal == nil {
            do {
                _ = try await store.commit([.print(StoreHand.print("resume"))], under: nil)
            } catch {
                refusal = error
            }
        }
        #expect(refusal?.code == .misuse && refusal?.detail.contains(complaint) == true, "\(what): \(refusal as Any)")
        await store.close()
        await attending.value
        try schema.drop()
    }

    @Test func `an anchor moves with what other runners seal`() async throws {
        let schema = ScratchSchema()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(schema.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        var configuration = try schema.configuration()
        let one = try await PostgresStore.open(configuration)
        let path = folder.appendingPathComponent("anchor").path
        configuration.anchorPath = path
        let other = try await PostgresStore.open(configuration)
        _ = try await one.commit([.print(StoreHand.print("retry"))], under: nil)
        let head = try #require(try await one.seal())
        // Once it has seen the seal, it says so when it ends in order.
        let attending = Task { await other.attend(ring: {}) }
        #expect(try await Self.awaitSeal(head.number, in: path)?.link == head.link.description)
        await other.close()
        await attending.value
        await one.close()
        try schema.drop()
    }

    @Test func `a life is another one when it began at another moment, whatever its number`() throws {
        let schema = ScratchSchema()
        let configuration = try schema.configuration()
        try schema.run("CREATE SCHEMA IF NOT EXISTS \(schema.name)")
        _ = try PostgresSchema.migrate(try PostgresSession.connect(configuration), in: schema.name)
        let link = PostgresLink(
            configuration, clock: PostgresClock(showing: Timestamp(milliseconds: 0)), entropy: SeededEntropy(seed: 1))
        _ = try link.session()
        let lease = Lease(runner: RunnerID("r1"), epoch: 1, expires: Timestamp(milliseconds: 1))
        #expect(link.honours(lease))
        let now = Timestamp(milliseconds: 1_000_000)
        link.floors.claimed([1], from: [ClaimFloors.bottom], upTo: nil, at: now)
        #expect(link.floors.all.map(\.floor) != [ClaimFloors.bottom])
        // Another copy, whose first runner came a moment later.
        try schema.run("ALTER TABLE incarnation DISABLE TRIGGER USER; UPDATE incarnation SET since = since + 1")
        link.lost()
        let session = try link.session()
        #expect(!link.honours(lease))
        #expect(link.floors.all.map(\.floor) == [ClaimFloors.bottom], "what the copy has in its queue is passed over")
        // What the server before had answered says nothing of the one after.
        let before = PostgresSession.Lineage(system: session.lineage.system, timeline: "00000000")
        link.honour([.leased(lease)], in: before)
        #expect(!link.honours(lease))
        link.honour([.leased(lease)], in: session.lineage)
        #expect(link.honours(lease))
        link.close()
        try schema.drop()
    }

    @Test func `a seal that was seen on the server before does not speak against the one after`() throws {
        let schema = ScratchSchema()
        let configuration = try schema.configuration()
        try schema.run("CREATE SCHEMA IF NOT EXISTS \(schema.name)")
        _ = try PostgresSchema.migrate(try PostgresSession.connect(configuration), in: schema.name)
        let link = PostgresLink(
            configuration, clock: PostgresClock(showing: Timestamp(milliseconds: 0)), entropy: SeededEntropy(seed: 1))
        let session = try link.session()
        let head = try PostgresAudit.head(session.connection)
        let later = AuditHead(store: head.store, number: head.number + 3, at: head.at, link: head.link)
        let before = PostgresSession.Lineage(system: session.lineage.system, timeline: "00000000")
        #expect(!link.saw(later, in: before))
        link.lost()
        _ = try link.session()
        #expect(link.saw(later, in: session.lineage))
        link.lost()
        #expect(throws: StoreError.self) { try link.session() }
        link.close()
        try schema.drop()
    }
}
