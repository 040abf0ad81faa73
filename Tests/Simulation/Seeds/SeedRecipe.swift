import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import SettlementFlows

/// What one seed makes: offerings, runners, faults by swarm, and what operators do.
struct SeedRecipe: Sendable {
    let seed: UInt64
    let offerings: [SimulatedOffering]
    let runners: Int
    let kinds: [FaultKind]
    /// How many of a thousand calls each kind strikes.
    let perMille: Int
    /// One of so many commits is struck; 0 for none.
    let persistFaults: UInt64
    /// One of so many calls is struck by a death or a lost answer; 0 for none.
    let callFaults: UInt64
    /// One of so many calls freezes its process past its lease; 0 for none.
    let freezes: UInt64
    let chaos: Span
    let gestures: [Gesture]

    /// Something an operator does.
    struct Gesture: Sendable {
        enum Kind: Sendable { case cancel, discard, exclude, hold, resume }
        let kind: Kind
        let saga: SagaID
        let after: Span
    }

    /// The largest number of sagas that one seed makes.
    static let sagaLimit = 50

    init(seed: UInt64) {
        self.seed = seed
        let chance = SeededEntropy(seed: seed &* 0x2545_F491_4F6C_DD1D &+ 1)
        let wanted = 1 + Int(chance.below(UInt64(Self.sagaLimit)))
        var offerings: [SimulatedOffering] = []
        var sagas = 0
        while offerings.isEmpty || sagas < wanted {
            let room = max(1, min(6, (Self.sagaLimit - sagas - 1) / 2))
            let count = 1 + Int(chance.below(UInt64(room)))
            if sagas + 1 + 2 * count > Self.sagaLimit { break }
            offerings.append(Self.offering(seed, offerings.count, count, chance))
            sagas += 1 + 2 * count
        }
        self.offerings = offerings
        runners = 1 + Int(chance.below(3))
        kinds = Self.swarm(seed, chance)
        perMille = 30 + Int(chance.below(220))
        persistFaults = chance.below(2) == 0 ? 0 : 10 + chance.below(80)
        callFaults = chance.below(2) == 0 ? 0 : 10 + chance.below(60)
        freezes = chance.below(3) == 0 ? 20 + chance.below(80) : 0
        chaos = .seconds(Int64(60 + chance.below(600)))
        gestures = Self.gestures(offerings, chance)
    }

    /// How many sagas there will be at most.
    var sagas: Int { offerings.reduce(0) { $0 + 1 + 2 * $1.terms.wanted.count } }

    /// Terms and demands of every sort: too little demand, just enough, too much, amounts past 2^53.
    private static func offering(
        _ seed: UInt64, _ number: Int, _ count: Int, _ chance: SeededEntropy
    ) -> SimulatedOffering {
        let limit: UInt64 = chance.below(4) == 0 ? 1 << 59 : 1_000
        let wanted = (0..<count).map { _ in 1 + chance.below(limit) }
        let total = wanted.reduce(0, +)
        let offered = chance.below(3) == 0 ? total + chance.below(10) : 1 + chance.below(total)
        return SimulatedOffering(
            SimulatedOffering.Terms(
                name: "S\(seed)-\(number)", prefix: "\(number)-",
                // Of every other seed all offerings have one issuer, whose account moves whenever one of them settles.
                issuer: seed % 2 == 0 ? nil : "ISS-S\(seed)", price: Int128(1 + chance.below(300_000)),
                offered: offered, minimum: chance.below(8) == 0 ? total + 1 : chance.below(total + 1),
                refundTo: chance.below(2) == 0 ? .deposit : .bank,
                closing: .seconds(Int64(chance.below(120))), wanted: wanted))
    }

    /// At least two kinds, each in or out by its own toss; of every third seed listings lag behind, too.
    private static func swarm(_ seed: UInt64, _ chance: SeededEntropy) -> [FaultKind] {
        let all = FaultKind.allCases.filter { $0 != .listingLags }
        var kinds = all.filter { _ in chance.below(3) == 0 }
        while kinds.count < 2 {
            let kind = all[Int(chance.below(UInt64(all.count)))]
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        return seed % 3 == 0 ? kinds + [.listingLags] : kinds
    }

    private static func gestures(_ offerings: [SimulatedOffering], _ chance: SeededEntropy) -> [Gesture] {
        offerings.flatMap { offering -> [Gesture] in
            guard chance.below(3) == 0 else { return [] }
            let after = Span.seconds(Int64(chance.below(90)))
            let line = 1 + Int(chance.below(UInt64(offering.terms.wanted.count)))
            let later = Span.milliseconds(after.milliseconds * 2)
            switch chance.below(6) {
            case 0, 1: return [Gesture(kind: .cancel, saga: offering.saga, after: after)]
            case 2: return [Gesture(kind: .discard, saga: offering.saga, after: after)]
            case 3: return [Gesture(kind: .exclude, saga: offering.line(line, .fund), after: later)]
            case 4: return [Gesture(kind: .hold, saga: offering.line(line, .distribute), after: later)]
            default: return [Gesture(kind: .resume, saga: offering.line(line, .fund), after: later)]
            }
        }
    }
}

extension SeedRecipe {
    /// The run that the seed makes.
    func run(on disks: Disks = .memory) -> SimulatedRun {
        var plan = SimulationPlan(seed: seed)
        plan.runners = runners
        if ProcessInfo.processInfo.environment["SAGA_TRACE"] != nil { plan.events = PrintingSink() }
        let (seed, persistFaults, callFaults, freezes) = (seed, persistFaults, callFaults, freezes)
        if persistFaults > 0 { plan.persists = .random(seed: seed, oneIn: persistFaults) }
        plan.calls = { number in
            guard callFaults > 0 else { return .none }
            let drawn = SeededEntropy(seed: seed ^ UInt64(number) &* 0x9E37_79B9_7F4A_7C15).below(callFaults * 3)
            return drawn < 3 ? [CallStrike.crashBefore, .crashAfter, .errorAfterApplying][Int(drawn)] : .none
        }
        plan.freezes = { number in
            guard freezes > 0 else { return nil }
            let chance = SeededEntropy(seed: seed ^ UInt64(number) &* 0xD1B5_4A32_D192_ED03)
            return chance.below(freezes) == 0 ? .seconds(Int64(10 + chance.below(20))) : nil
        }
        let faults = Adapters.FaultPlan(seed: seed, kinds: kinds, perMille: perMille)
        let recipe = self
        return SettlementWorld(plan: plan, faults: faults, offerings: offerings, disks: disks).run {
            await recipe.script($0)
        }
    }

    private func script(_ simulation: Simulation) async {
        let start = simulation.clock.now()
        await withTaskGroup(of: Void.self) { group in
            for offering in offerings {
                group.addTask {
                    await simulation.submit(OfferingSettlement.self, id: offering.saga, input: offering.book.sealed)
                }
            }
            for gesture in gestures { group.addTask { await perform(gesture, in: simulation) } }
            group.addTask { await simulation.clock.sleep(until: start + chaos) }
        }
        simulation.quiet()
        await simulation.untilSettled()
        // Of every fourth seed nobody takes care: what is stuck there stays so, and visibly.
        guard seed % 4 != 0 else { return }
        for round in 0..<3 { await mendAll(in: simulation, round) }
    }

    private func perform(_ gesture: Gesture, in simulation: Simulation) async {
        await simulation.pause(gesture.after)
        switch gesture.kind {
        case .cancel: await simulation.act(.cancel, on: gesture.saga)
        case .discard: await simulation.act(.discard, on: gesture.saga)
        case .exclude, .hold: await simulation.act(.exclude, on: gesture.saga)
        case .resume: await simulation.act(.resume, on: gesture.saga)
        }
    }

    /// Operators mend what is stuck once the world has calmed down: of some seeds they take stuck lines out first.
    private func mendAll(in simulation: Simulation, _ round: Int) async {
        let stuck = await simulation.rows().filter { $0.standing.status == .stuck }
        guard !stuck.isEmpty else { return }
        for row in stuck {
            if round == 0, seed % 3 == 0, row.parent != nil, await simulation.act(.exclude, on: row.id) { continue }
            await simulation.act(.resume, on: row.id)
        }
        await simulation.untilSettled()
    }
}
