import Adapters
import Foundation
import SagaEngine
import Testing

@Suite struct FaultPlanTests {
    let clock = SteppingClock()

    /// Sends many orders and answers with what every counterparty's journal says.
    private func journal(seed: UInt64, kinds: [FaultKind] = FaultKind.allCases, order: [Int]) async throws -> [[UInt8]]
    {
        let clock = SteppingClock()
        let world = MockWorld(faults: FaultPlan(seed: seed, kinds: kinds, perMille: 200), clock: clock)
        world.change { BenchAccounts.open(in: &$0) }
        let party = world.counterparty("bank", instructions: [TestOrder.kind], mapping: BenchAccounts.mapping)
        for number in order {
            let request = try party.render(
                BenchAccounts.order(number, at: .bank), as: try key("pay", "O/fund/INV-\(number)"))
            _ = await party.deliver(request)
            _ = await party.find(request)
            clock.pass(.milliseconds(10))
            await world.advance()
        }
        clock.pass(.hours(1))
        await world.advance()
        return world.journal(of: "bank").map(\.line)
    }

    @Test func `one seed gives one journal, another seed another`() async throws {
        let first = try await journal(seed: 1, order: Array(1...60))
        #expect(try await journal(seed: 1, order: Array(1...60)) == first)
        #expect(try await journal(seed: 2, order: Array(1...60)) != first)
    }

    @Test func `chance does not depend on the order of the calls`() async throws {
        let lines = { (lines: [[UInt8]]) in
            Set(
                lines.compactMap { PartyEvent(line: $0) }.compactMap { event -> String? in
                    guard case .refused(let reference, _, _, _) = event else { return nil }
                    return reference
                })
        }
        let forward = lines(try await journal(seed: 3, kinds: [.refusedLater], order: Array(1...60)))
        let backward = lines(try await journal(seed: 3, kinds: [.refusedLater], order: Array((1...60).reversed())))
        #expect(forward == backward)
        #expect((1...30).contains(forward.count))
    }

    @Test func `a rule strikes the calls it names and no more often than it may`() async throws {
        let rules = [
            FaultRule(.cut, at: [.deliver], references: ["*INV-7:*"]),
            FaultRule(.errorBefore, at: [.deliver], nth: [2, 3], limit: 1),
        ]
        let world = MockWorld(faults: FaultPlan(rules: rules), clock: clock)
        world.change { BenchAccounts.open(in: &$0) }
        let party = world.counterparty("bank", instructions: [TestOrder.kind], mapping: BenchAccounts.mapping)
        var unknown: [Int] = []
        for number in 1...9 {
            let request = try party.render(
                BenchAccounts.order(number, at: .bank), as: try key("pay", "O/fund/INV-\(number)"))
            if case .unknown = await party.deliver(request) { unknown.append(number) }
        }
        #expect(unknown == [2, 7])
        #expect(world.faultCounts[.cut, .deliver] == 1)
        #expect(world.faultCounts[.errorBefore] == 1)
        #expect(world.faultCounts.cells.map(\.count).reduce(0, +) == 2)
    }

    @Test func `a file of faults says everything that is wrong with it at once`() throws {
        let file = """
            {"seed": -1, "sed": 2, "rules": [{"kind": "cut", "verbs": ["outcome"], "per_mille": 1001},
             {"kind": "unheard_of"}, {"kind": "slow", "delay": 3, "nth": [0], "references": "x"}]}
            """
        let error = #expect(throws: FaultFileError.self) { try FaultPlan(file: Array(file.utf8)) }
        #expect(error?.mistakes.count == 8)
        for place in [
            "seed", "sed ", "[0].verbs", "[0].per_mille", "[1].kind", "[2].delay ", "[2].nth", "[2].references",
        ] {
            #expect(error?.mistakes.contains { $0.contains(place) } == true, "nothing about \(place)")
        }
    }

    @Test func `the bundled file strikes with every kind that heals itself, and with no other`() async throws {
        let path = (#filePath.components(separatedBy: "/Tests/").first ?? "") + "/config/sandbox-faults.json"
        let plan = try FaultPlan(file: try await FileReader(path: path).all(limit: 1 << 20))
        #expect(Set(plan.rules.map(\.kind)) == Set(FaultKind.allCases.filter(\.healsItself)))
    }
}
