import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@testable import Adapters

/// Two processes at one offering: what each of them can meet between its own jobs, on every kind of database.
@Suite struct OfferingRivalsTests {
    private static let names = ["A", "B", "C", "D", "E"]
    private static let pageRows = 2
    /// The jobs of one allotment of the draft below: find, begin, three pages, rank, find, four pages of sums, publish.
    private static let jobs = 12

    private static func draft(_ id: String) throws -> OfferingDraft {
        var draft = try OfferingDraft(id: id, offered: 11)
        for (number, name) in names.enumerated() {
            try draft.invest(name)
            try draft.log("S\(number)", name, at: Int64(number), .apply, 7)
        }
        return draft
    }

    private static func book(_ tables: any TableExecutor, _ owner: String = "") -> OfferingTables {
        OfferingTables(on: tables, clock: SimulatedClock(), owner: owner, pageRows: pageRows)
    }

    private struct Attempt: Sendable {
        let result: Result<AllotmentSummary, OfferingBookError>
        let jobs: Int
    }

    /// Allots, and stands still before one of its jobs.
    private static func allot(
        _ offering: OfferingID, _ input: ContentDigest, on tables: any TableExecutor, haltingBefore halt: Int,
        at crossing: Crossing
    ) async -> Attempt {
        let halting = HaltingTables(tables) { if $0 == halt { await crossing.stop() } }
        var result: Result<AllotmentSummary, OfferingBookError>
        do throws(OfferingBookError) {
            result = .success(try await book(halting).allot(offering, input: input))
        } catch {
            result = .failure(error)
        }
        await crossing.reach()
        return Attempt(result: result, jobs: halting.count)
    }

    @Test(arguments: TableKind.here)
    func `two that allot the same offering publish one allotment, wherever each stands still`(
        in kind: TableKind
    ) async throws {
        try await kind.useTwice { one, other in
            let alone = try Self.draft("SG-ALONE")
            let (crossing, input) = (Crossing(), try await alone.seal(in: Self.book(one)))
            let lone = await Self.allot(alone.offering.id, input, on: one, haltingBefore: 0, at: crossing)
            let expected = try lone.result.get()
            #expect(lone.jobs == Self.jobs)
            let lines = try await Self.book(one).allotments(of: alone.offering.id, input: input, after: nil, limit: 9)
            var overtaken = 0
            for (first, second) in (1...Self.jobs).flatMap({ first in (1...Self.jobs).map { (first, $0) } }) {
                let draft = try Self.draft("SG-\(first)-\(second)")
                let (id, input) = (draft.offering.id, try await draft.seal(in: Self.book(one)))
                let (mine, theirs) = (Crossing(), Crossing())
                async let zombie = Self.allot(id, input, on: one, haltingBefore: first, at: mine)
                await mine.reached()
                async let successor = Self.allot(id, input, on: other, haltingBefore: second, at: theirs)
                await theirs.reached()
                await mine.open()
                let early = await zombie
                await theirs.open()
                let results = await [early.result, successor.result]
                for result in results {
                    switch result {
                    case .success(let summary): #expect(summary.linesDigest == expected.linesDigest)
                    case .failure(let error):
                        overtaken += 1
                        #expect(error == .busy(id), "halts before \(first) and \(second)")
                    }
                }
                // Whoever is overtaken by nobody publishes.
                let isDone = results.contains { if case .success = $0 { true } else { false } }
                #expect(isDone, "halts before \(first) and \(second)")
                let published = try await Self.book(other).allotments(of: id, input: input, after: nil, limit: 9)
                #expect(published == lines, "halts before \(first) and \(second)")
            }
            #expect(overtaken > 0, "nobody has met anybody")
        }
    }

    @Test(arguments: TableKind.here)
    func `one that comes back after another has published answers with that and removes nothing`(
        in kind: TableKind
    ) async throws {
        try await kind.useTwice { one, other in
            for halt in 1...Self.jobs {
                let draft = try Self.draft("SG-\(halt)")
                let (id, input) = (draft.offering.id, try await draft.seal(in: Self.book(one)))
                let crossing = Crossing()
                async let zombie = Self.allot(id, input, on: one, haltingBefore: halt, at: crossing)
                await crossing.reached()
                let summary = try await Self.book(other).allot(id, input: input)
                let lines = try await Self.book(other).allotments(of: id, input: input, after: nil, limit: 9)
                try await Self.book(other).tidy()
                await crossing.open()
                #expect(try await zombie.result.get() == summary, "back before \(halt)")
                let left = try await Self.book(other).allotments(of: id, input: input, after: nil, limit: 9)
                #expect(left == lines && lines.count == Self.names.count, "back before \(halt)")
                let workings = try await other.read { connection in
                    try connection.firstRow("SELECT count(*) FROM offering_working") { $0.int64(0) }
                }
                #expect(workings == 0, "back before \(halt)")
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `a load that is silent for ten minutes is given up by others, and takes no further page`(
        in kind: TableKind
    ) async throws {
        try await kind.useTwice { one, other in
            let clock = SimulatedClock()
            let loading = OfferingTables(on: one, clock: clock, owner: "one")
            let rival = OfferingTables(on: other, clock: clock, owner: "other")
            let draft = try Self.draft("SG-1")
            let patience = Span.minutes(9)
            let load = try await loading.beginLoad(of: draft.offering.id, part: .subscriptions)
            for event in draft.events.dropLast() {
                clock.advance(by: patience)
                try await rival.tidy()
                try await loading.add([event], to: load)
            }
            clock.advance(by: .minutes(10))
            // Its own process knows that it is at it.
            try await loading.tidy()
            try await loading.add([draft.events[draft.events.count - 1]], to: load)
            clock.advance(by: .minutes(10))
            _ = try await rival.beginLoad(of: OfferingID("SG-2"), part: .investors)
            await #expect(throws: OfferingBookError.loadGone(load)) {
                try await loading.add([] as [Numbered<SubscriptionEvent>], to: load)
            }
            await #expect(throws: OfferingBookError.loadGone(load)) { try await loading.finish(load) }
            try await rival.tidy()
            let left = try await other.read { connection in
                try connection.firstRow(
                    "SELECT (SELECT count(*) FROM offering_event), (SELECT count(*) FROM offering_load)"
                ) { [$0.int64(0), $0.int64(1)] }
            }
            #expect(left == [0, 1], "SG-2 is being loaded")
        }
    }

    @Test(arguments: TableKind.here)
    func `a load that is given up while its owner stands still shows nothing when that one goes on`(
        in kind: TableKind
    ) async throws {
        try await kind.useTwice { one, other in
            let clock = SimulatedClock()
            let rival = OfferingTables(on: other, clock: clock, owner: "other")
            let draft = try Self.draft("SG-1")
            // The jobs of a load of one page: begin, add, finish.
            for halt in 2...3 {
                let crossing = Crossing()
                let halting = HaltingTables(one) { if $0 == halt { await crossing.stop() } }
                let loading = OfferingTables(on: halting, clock: clock, owner: "one")
                async let loaded = loading.loadWhole(draft)
                await crossing.reached()
                clock.advance(by: .minutes(10))
                try await rival.tidy()
                await crossing.open()
                guard case .failure(.loadGone) = await loaded else {
                    Issue.record("goes on before job \(halt)")
                    return
                }
                await #expect(throws: OfferingBookError.notLoaded(draft.offering.id, .subscriptions)) {
                    try await rival.seal(draft.offering, investors: .optional)
                }
                let rows = try await other.read { connection in
                    try connection.firstRow("SELECT count(*) FROM offering_event") { $0.int64(0) }
                }
                #expect(rows == 0, "goes on before job \(halt)")
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `a process that has the tables for itself gives up whatever is being loaded`(in kind: TableKind) async throws {
        try await kind.use { tables in
            let draft = try Self.draft("SG-1")
            let gone = OfferingTables(on: tables, clock: SimulatedClock(), owner: "gone")
            let load = try await gone.beginLoad(of: draft.offering.id, part: .subscriptions)
            try await gone.add(draft.events, to: load)
            try await OfferingTables(on: tables, clock: SimulatedClock(), owner: "new").tidy(alone: true)
            await #expect(throws: OfferingBookError.loadGone(load)) { try await gone.finish(load) }
        }
    }
}

extension OfferingTables {
    /// Loads a draft's log as one page.
    fileprivate func loadWhole(_ draft: OfferingDraft) async -> Result<LoadedPart, OfferingBookError> {
        do throws(OfferingBookError) {
            let load = try await beginLoad(of: draft.offering.id, part: .subscriptions)
            try await add(draft.events, to: load)
            return .success(try await finish(load))
        } catch {
            return .failure(error)
        }
    }
}
