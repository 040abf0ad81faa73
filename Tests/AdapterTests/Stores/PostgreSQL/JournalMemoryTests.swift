import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// What is remembered of journals, and for how long.
@Suite struct JournalMemoryTests {
    private static let now = Timestamp(milliseconds: 1_000)

    private static func entries(_ count: Int, after sequence: Int = 0, bodyOf size: Int = 10) -> [JournalEntry] {
        StoreHand.entries(
            after: sequence, from: ChainLink(bytes: [UInt8](repeating: 1, count: 32)), count: count, at: now,
            body: String(repeating: "x", count: size))
    }

    private static func loaded(_ number: SagaNumber, _ journal: [JournalEntry]) throws -> LoadedSaga {
        let row = SagaRow(
            number: number, id: try #require(SagaID(rawValue: "S-\(number)")), flow: StoreHand.flow, input: [],
            parent: nil, origin: nil, sequence: journal.count,
            head: journal.last?.link ?? ChainLink(bytes: [UInt8](repeating: 1, count: 32)),
            standing: Standing(status: .running), wakeAt: nil, openChildren: 0, output: nil, createdAt: now,
            updatedAt: now)
        return LoadedSaga(
            claim: Claim(number: number, fence: 1), row: row, journal: journal, notices: [], lastNotice: 0)
    }

    @Test func `a journal that was read is followed entry by entry`() throws {
        let memory = JournalMemory()
        let all = Self.entries(3)
        memory.remember([try Self.loaded(1, [])])
        #expect(memory.recall([1])[1]?.head == ChainLink(bytes: [UInt8](repeating: 1, count: 32)))
        for entry in all { memory.extend(by: [(saga: SagaNumber(1), entry: entry)]) }
        #expect(memory.recall([1, 2])[1]?.journal == all)
        #expect(memory.recall([1])[1]?.head == all.last?.link)
        #expect(memory.recall([2]).isEmpty, "nobody has read it")
    }

    @Test func `a journal with a gap is forgotten`() throws {
        let memory = JournalMemory()
        memory.remember([try Self.loaded(1, Self.entries(1))])
        memory.extend(by: [(saga: SagaNumber(1), entry: Self.entries(1, after: 2)[0])])
        #expect(memory.recall([1]).isEmpty)
    }

    @Test func `a saga whose journal is shorter than its row says is not remembered`() throws {
        let memory = JournalMemory()
        let whole = try Self.loaded(1, Self.entries(2))
        let cut = LoadedSaga(
            claim: whole.claim, row: whole.row, journal: Array(whole.journal.dropFirst()), notices: [], lastNotice: 0)
        memory.remember([cut])
        #expect(memory.recall([1]).isEmpty)
    }

    @Test func `what is forgotten is forgotten`() throws {
        let memory = JournalMemory()
        memory.remember([try Self.loaded(1, []), try Self.loaded(2, []), try Self.loaded(3, [])])
        memory.forget([2])
        #expect(Set(memory.recall([1, 2, 3]).keys) == [1, 3])
        memory.forget()
        #expect(memory.recall([1, 3]).isEmpty)
    }

    @Test func `it holds what was asked for last, and never more than its limit`() throws {
        // Each takes 1,000 bytes beside what a saga and an entry take anyway.
        let size = 1_000 + 2 * JournalMemory.overhead
        let memory = JournalMemory(limit: 20 * size)
        for number in Int64(1)...100 {
            memory.remember([try Self.loaded(number, Self.entries(1, bodyOf: 1_000))])
            #expect(memory.recall([1]).count == 1, "asked for at \(number) and forgotten")
        }
        let left = memory.recall(Int64(1)...100)
        #expect(left.count <= 20)
        #expect(left.count >= 9)
        #expect(left[100] != nil)
        #expect(left[2] == nil)
    }

    @Test func `a saga that would take all the room is not remembered, and drives out no other`() throws {
        let memory = JournalMemory(limit: 10_000)
        memory.remember([try Self.loaded(1, Self.entries(1))])
        memory.remember([try Self.loaded(2, Self.entries(1, bodyOf: 6_000))])
        #expect(memory.recall([2]).isEmpty)
        #expect(memory.recall([1]).count == 1)
    }
}
