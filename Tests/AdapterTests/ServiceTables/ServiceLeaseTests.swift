import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// What one process does at a time, on every kind of database.
@Suite struct ServiceLeaseTests {
    private struct Halt: Error {}

    private static func lease(
        _ holder: String, in tables: any TableExecutor, _ clock: SimulatedClock, name: String = "outbox"
    ) -> ServiceLease {
        ServiceLease(name, holder: holder, length: .seconds(30), in: tables, clock: clock)
    }

    @Test(arguments: TableKind.here)
    func `one has it until it ends or is given back, and each taking is a new turn`(in kind: TableKind) async throws {
        try await kind.useTwice { tables, others in
            let clock = SimulatedClock()
            let (one, other) = (Self.lease("one", in: tables, clock), Self.lease("other", in: others, clock))
            var mine = try #require(try await one.take())
            #expect(try await other.take() == nil)
            #expect(try await one.take() == nil, "not even the holder takes it twice")
            #expect(try await Self.lease("other", in: others, clock, name: "schedule").take() != nil)
            clock.advance(by: .seconds(29))
            #expect(try await other.take() == nil)
            try await one.prolong(&mine)
            #expect(mine.expires == clock.now() + .seconds(30))
            clock.advance(by: .seconds(29))
            #expect(try await other.take() == nil)
            clock.advance(by: .seconds(1))
            let theirs = try #require(try await other.take())
            #expect(theirs.number > mine.number)
            try await one.giveBack(mine)
            #expect(try await one.take() == nil, "a turn that is over gives nothing back")
            try await other.giveBack(theirs)
            let next = try #require(try await one.take())
            #expect(next.number > theirs.number)
        }
    }

    @Test(arguments: TableKind.here)
    func `a turn that is over writes nothing, and one that nobody took over goes on`(in kind: TableKind) async throws {
        try await kind.useTwice { tables, others in
            let clock = SimulatedClock()
            let (one, other) = (Self.lease("one", in: tables, clock), Self.lease("other", in: others, clock))
            let notes = ServiceNotes(in: others)
            var mine = try #require(try await one.take())
            clock.advance(by: .minutes(5))
            try await one.perform(in: &mine) { try ServiceNotes.set("drained", to: "1", in: $0) }
            #expect(try await notes.note("drained") == "1")
            await #expect(throws: Halt.self) {
                try await one.perform(in: &mine) { connection in
                    try ServiceNotes.set("drained", to: "2", in: connection)
                    throw Halt()
                }
            }
            #expect(try await notes.note("drained") == "1")
            clock.advance(by: .seconds(30))
            var theirs = try #require(try await other.take())
            try await other.perform(in: &theirs) { try ServiceNotes.set("drained", to: "5", in: $0) }
            await #expect(throws: ServiceLease.Lost(name: "outbox")) {
                try await one.perform(in: &mine) { try ServiceNotes.set("drained", to: "2", in: $0) }
            }
            await #expect(throws: ServiceLease.Lost.self) { try await one.prolong(&mine) }
            try await other.giveBack(theirs)
            await #expect(throws: ServiceLease.Lost.self) { try await other.prolong(&theirs) }
            #expect(try await notes.note("drained") == "5")
        }
    }

    @Test(arguments: TableKind.here)
    func `a process that knows the others to be gone ends their turns`(in kind: TableKind) async throws {
        try await kind.use { tables in
            let clock = SimulatedClock()
            let (gone, new) = (Self.lease("gone", in: tables, clock), Self.lease("new", in: tables, clock))
            var turn = try #require(try await gone.take())
            try await ServiceLease.endAll(in: tables)
            await #expect(throws: ServiceLease.Lost.self) { try await gone.prolong(&turn) }
            #expect(try await new.take() != nil)
        }
    }
}
