import Adapters
import SagaEngine
import SagaTestKit
import Testing

/// The board of all runners' gates, on every kind of database.
@Suite struct TableGateBoardTests {
    private let now = SimulatedClock().now()

    /// What a store would know, told by the test.
    private struct ToldStakes: StakeBook {
        let atStake: Locked<Int128>
        let over: Locked<Set<Int64>>

        func atStake(_ asset: String, on connection: any TableConnection) throws -> Int128 {
            atStake.withLock { $0 }
        }

        func isOver(_ epoch: Int64, at now: Timestamp, on connection: any TableConnection) throws -> Bool {
            over.withLock { $0.contains(epoch) }
        }
    }

    @Test(arguments: TableKind.here)
    func `tables tell and grant what the board in memory does, visit by visit`(in kind: TableKind) async throws {
        try await kind.use { tables in
            let (atStake, over) = (Locked<Int128>(0), Locked<Set<Int64>>([]))
            let board = TableGateBoard(in: tables, stakes: ToldStakes(atStake: atStake, over: over))
            let memory = MemoryGateBoard(
                atStake: { _ in atStake.withLock { $0 } }, isOver: { epoch in over.withLock { $0.contains(epoch) } })
            let notes = ServiceNotes(in: tables)
            var random = SplitMix(seed: 20_261_130)
            var now = now
            var seen: Set<String> = []
            for number in 1...400 as ClosedRange<Int64> {
                now = now + .milliseconds(Int64.random(in: 0...4_000, using: &random))
                switch Int.random(in: 0..<10, using: &random) {
                case 0:
                    let party = ["bank", "chain"].randomElement(using: &random) ?? ""
                    let isOff = Bool.random(using: &random)
                    try await notes.set(SwitchNote.reasonPrefix + party, to: "ada \(number)")
                    try await notes.set(SwitchNote.prefix + party, to: isOff ? SwitchNote.off : SwitchNote.on)
                    memory.note(CounterpartyName(rawValue: party), offWhy: isOff ? "ada \(number)" : nil)
                case 1: atStake.withLock { $0 = Int128.random(in: 0...(1 << 80), using: &random) }
                // A lease that is over never comes back; new ones begin every forty visits.
                case 2: over.withLock { _ = $0.insert(number / 40 * 4 + Int64.random(in: 1...4, using: &random)) }
                default: break
                }
                let visit = Self.visit(number, at: now, &random)
                let (told, expected) = (try await board.receive(visit), try await memory.receive(visit))
                #expect(told == expected, "visit \(number): \(visit)")
                guard told == expected else { return }
                for news in told.parties {
                    if news.turns.count > 0 { seen.insert("turns") }
                    if news.breaker?.code != nil { seen.insert("breaker") }
                    if news.probes { seen.insert("probe") }
                    if news.othersProbeUntil != nil { seen.insert("other's probe") }
                    if news.quietUntil != nil { seen.insert("quiet") }
                    if news.switchedOffWhy != nil { seen.insert("switch") }
                }
                if told.rooms.contains(where: { $0 > Int128(Int64.max) }) { seen.insert("room of more than 64 bits") }
            }
            #expect(seen.count == 7, "what never happened was not compared: \(seen.sorted())")
        }
    }

    private static func visit(_ number: Int64, at now: Timestamp, _ random: inout SplitMix) -> BoardVisit {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        let asks = ["bank", "chain", "custodian"].map { name in
            var ask = PartyAsk(
                CounterpartyName(rawValue: name), limits: GateLimits(rate: 10, burst: 5),
                calls: chance(40) ? Int.random(in: 1...30, using: &random) : 0, from: now + .milliseconds(3))
            if chance(20) {
                ask.report = .opened(
                    until: now + .seconds(5), code: chance(80) ? "timeout" : nil, failures: 20,
                    since: chance(80) ? now : nil)
            }
            if chance(10) { ask.report = .closed }
            if chance(40) { ask.probe = .hold }
            if chance(10) { ask.probe = .release }
            if chance(10) { ask.quietUntil = now + .seconds(9) }
            return ask
        }
        let runner = Int64.random(in: 1...4, using: &random)
        let rooms = ["DABS", "SGD"].filter { _ in chance(50) }.map { asset in
            RoomAsk(
                asset: asset, limit: 1 << 80, keep: Int128.random(in: 0...(1 << 70), using: &random),
                more: Int128.random(in: 0...(1 << 78), using: &random), least: chance(50) ? 1 << 76 : 0)
        }
        return BoardVisit(
            number: number, runner: "runner \(runner)", lease: chance(90) ? number / 40 * 4 + runner : nil, at: now,
            parties: asks,
            rooms: rooms)
    }

    @Test(arguments: TableKind.here)
    func `runners that come at the same time are granted turns that nobody else has`(in kind: TableKind) async throws {
        try await kind.use { tables in
            let stakes = ToldStakes(atStake: Locked(0), over: Locked([]))
            let limits = GateLimits(rate: 100, burst: 50)
            let now = now
            let granted = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for runner in 0..<8 {
                    group.addTask {
                        let board = TableGateBoard(in: tables, stakes: stakes)
                        var starts: [Int64] = []
                        for number in 1...10 as ClosedRange<Int64> {
                            let ask = PartyAsk("bank", limits: limits, calls: 3, from: now)
                            let visit = BoardVisit(
                                number: number, runner: "\(runner)", lease: nil, at: now, parties: [ask])
                            for turns in try await board.receive(visit).parties.map(\.turns) {
                                starts += (0..<turns.count).map { turns.first + Int64($0) * 10_000_000 }
                            }
                        }
                        return starts
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(granted).count == granted.count)
            #expect((140...150).contains(granted.count), "a burst, and the turns of the next second")
        }
    }
}

/// SplitMix64: the same seed gives the same run.
private struct SplitMix: RandomNumberGenerator {
    var seed: UInt64
    mutating func next() -> UInt64 {
        seed &+= 0x9e37_79b9_7f4a_7c15
        var mixed = seed
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
