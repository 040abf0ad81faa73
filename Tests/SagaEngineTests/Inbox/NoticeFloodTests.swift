import SagaTestKit
import Testing

@testable import SagaEngine

/// However many notices there are for one saga, a turn reads a few, and none of them is lost.
@Suite struct NoticeFloodTests {
    private func standings(_ bench: Bench) async throws -> [NoticeStanding: Int] {
        try await bench.memory.notices(NoticeQuery(limit: 500)).reduce(into: [:]) { $0[$1.standing, default: 0] += 1 }
    }

    private func paying(_ body: (Bench) async throws -> Void) async throws {
        try await Bench.use { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await body(bench)
        }
    }

    @Test func `what says nothing final is looked at once and read no more`() async throws {
        try await paying { bench in
            for number in 0..<50 { try await bench.tell("pay#0", id: "p\(number)", verdict: .progress("soon")) }
            let isLate = try await bench.pass { try await standings(bench) == [.late: 50] }
            #expect(isLate)
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#0", id: "n1")
            try await bench.until(.completed)
            #expect(try await standings(bench) == [.late: 50, .consumed: 1])
        }
    }

    @Test func `notices beyond a page are looked at in the next turn, and before the saga ends`() async throws {
        let count = NoticePage.referenceLimit * 3 + 1
        try await Bench.use { bench in
            for number in 0..<count { try await bench.tell("pay#0", id: "n\(number)", verdict: .progress("soon")) }
            for number in 0..<count { try await bench.tell("pay#0", id: "s\(number)") }
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.completed)
            #expect(try await standings(bench) == [.consumed: 1, .late: 2 * count - 1])
        }
    }

    @Test func `a flood that cannot be decided about lets the saga sleep, and holds up no other notice`() async throws {
        let count = NoticePage.limit + 10
        try await Bench.run { input, saga in
            try await saga.pointOfNoReturn()
            let first = try await saga.send(.one, Pay(amount: input))
            let second = try await saga.send(.two, Pay(amount: input))
            _ = try await saga.receive(.three, from: first, within: .hours(1))
            return try await saga.receive(.four, from: second, within: .hours(1)).instruction.amount
        } then: { bench in
            let three = Sample.stage("three")
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(try await bench.predicament().stage == three)
            for number in 0..<count { try await bench.tell("two#0", amount: "41", id: "n\(number)") }
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(try await bench.predicament().stage == three)
            try await bench.tell("one#0", amount: "41", id: "first")
            try await bench.until(.completed)
            #expect(try await standings(bench) == [.consumed: 2, .late: count - 1])
        }
    }
}
