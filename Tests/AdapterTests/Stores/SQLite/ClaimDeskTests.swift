import SagaEngine
import Testing

@testable import Adapters

@Suite struct ClaimDeskTests {
    private let desk = ClaimDesk(wokenLimit: 3)

    private func wake(_ number: SagaNumber, at place: Int64) -> Bool {
        desk.wake(number, of: 1, place: { place })
    }

    private func take(_ number: SagaNumber, opening: Int64 = 0) throws -> Claim {
        try desk.take(number, of: 1, under: 7, opening: { opening })
    }

    @Test func `so many sagas are woken in memory as the limit says, each once`() {
        #expect([wake(1, at: 10), wake(2, at: 11), wake(1, at: 12), wake(3, at: 13)] == [true, true, true, true])
        #expect(!wake(4, at: 14))
        #expect(desk.woken(of: 1, limit: 9).map(\.number) == [1, 2, 3])
        #expect(desk.woken(of: 1, limit: 9).map(\.place) == [10, 11, 13])
        #expect(desk.woken(of: 2, limit: 9).isEmpty)
    }

    @Test func `a saga that is taken waits no more, and makes room`() throws {
        for number in 1...3 as ClosedRange<SagaNumber> { #expect(wake(number, at: 10 + number)) }
        let claim = try take(2)
        desk.settle()
        #expect(desk.isGood(claim))
        #expect(!desk.isGood(Claim(number: 2, fence: claim.fence - 1)))
        #expect(desk.woken(of: 1, limit: 9).map(\.number) == [1, 3])
        #expect(wake(4, at: 20))
    }

    @Test func `a transaction that has not happened leaves everything as it was`() throws {
        #expect(wake(1, at: 10))
        let held = try take(9)
        desk.advance(1, to: 500)
        desk.settle()
        _ = try take(1)
        desk.letGo(9, isAtRest: true)
        #expect(wake(5, at: 12))
        desk.rewind()
        #expect(desk.hold(of: 1) == nil)
        #expect(desk.isGood(held))
        #expect(desk.woken(of: 1, limit: 9).map(\.number) == [1])
        #expect(desk.cursor(of: 1) == .min, "what was dealt with on the way has to be looked at again")
        #expect(try take(1).fence == held.fence + 1, "a fence that nobody was given is given again")
    }

    @Test func `what a lease held can be claimed when it ends, in the order of its numbers`() throws {
        for number in [8, 6, 7] as [SagaNumber] { _ = try take(number) }
        var place: Int64 = 100
        let held = desk.end(7) {
            place += 1
            return place
        }
        #expect(held == [6, 7, 8])
        #expect(desk.epochs.isEmpty)
        #expect(desk.woken(of: 1, limit: 2).map(\.number) == [6, 7])
    }

    @Test func `fences rise over openings`() throws {
        let first = try take(1, opening: 4).fence
        let second = try take(2, opening: 99).fence
        #expect(second == first + 1, "an opening is counted once")
        #expect(first == (4 << 32) + 1)
    }

    @Test func `a long line keeps only what still waits`() throws {
        let desk = ClaimDesk(wokenLimit: 10_000)
        for number in 1...5_000 as ClosedRange<SagaNumber> {
            #expect(desk.wake(number, of: 1, place: { number }))
            _ = try desk.take(number, of: 1, under: 7) { 0 }
            desk.letGo(number, isAtRest: true)
            desk.settle()
        }
        #expect(desk.wake(9_999, of: 1, place: { 6_000 }))
        #expect(desk.woken(of: 1, limit: 5).map(\.number) == [9_999])
        #expect(desk.lineLength(of: 1) <= 2_050)
    }
}
