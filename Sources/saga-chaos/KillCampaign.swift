internal import Foundation
internal import RunnerTheatre

/// Kills the daemon again and again while it settles, and lets the counterparties say what became of it.
struct KillCampaign {
    let kills: Int
    let investors: Int
    let options: Theatre.Options
    let faults: String
    /// How many kills fall on one settlement.
    var killsEach: Int { max(1, min(10, kills)) }
    var settlements: Int { (kills + killsEach - 1) / killsEach }
    /// Spare settlements make up for strikes that came too late to count.
    private var spares: Int { settlements > 1 ? 2 : 1 }

    /// What one strike has hit.
    struct Hit {
        let settlement: Int
        let kind: KillPlan.Kind
        let phase: String
        let isRecovery: Bool
        let effects: Int
        var share = 0.0
    }

    func run() async throws -> CampaignResult {
        let theatre = try Theatre(options)
        do {
            let result = try await run(theatre)
            try await theatre.strike(keeping: !result.violations.isEmpty)
            return result
        } catch {
            Console.say("failed: \(error)")
            try await theatre.strike(keeping: true)
            throw error
        }
    }

    private func run(_ theatre: Theatre) async throws -> CampaignResult {
        let begin = ContinuousClock.now
        let offerings = try await theatre.offerings(0...(settlements + spares), investors: investors)
        try await theatre.startSandbox(offerings, faults: faults)
        try await theatre.startDaemon()
        let clean = try await cleanRun(theatre, offerings[0])
        Console.say("clean run: \(clean.effects) effects in \(clean.seconds) s")
        var random = SeededGenerator(seed: options.seed)
        var hits: [Hit] = []
        var settled = [offerings[0]]
        var number = 1
        while hits.filter({ $0.kind == .kill }).count < kills, number < offerings.count {
            let left = kills - hits.filter { $0.kind == .kill }.count
            let count = min(killsEach, left)
            let again = min(count / 2, max(0, count - 1))
            let strikes = KillPlan.draw(kills: count - again, others: 2, recoveries: again, &random)
            let before = theatre.tail.count.effects
            var struck = try await strike(theatre, offerings[number], number, strikes, clean.effects)
            try await theatre.awaitEnd(of: offerings[number], within: .seconds(300))
            let effects = try theatre.tail.read().effects - before
            for index in struck.indices { struck[index].share = Double(struck[index].effects) / Double(effects) }
            hits += struck.filter { $0.share >= 0.01 && $0.share <= 0.99 }
            settled.append(offerings[number])
            let done = hits.filter { $0.kind == .kill }.count
            Console.say("settlement \(number) ended by itself, \(effects) effects; \(done) of \(kills) kills")
            number += 1
        }
        let counts = try await theatre.faultCounts()
        let drained = try await theatre.drainDaemon()
        try await theatre.stopSandbox()
        Console.say("judging")
        let judgement = try await Judgement(of: theatre, Judgement.Circumstances(offerings: settled))
        return report(hits, counts, clean, judgement, drained, settled.count, ContinuousClock.now - begin)
    }

    private func cleanRun(_ theatre: Theatre, _ offering: MadeUpOffering) async throws -> (effects: Int, seconds: Int64)
    {
        let begin = ContinuousClock.now
        _ = try await theatre.api.settle(offering)
        try await theatre.awaitEnd(of: offering, within: .seconds(300))
        return (try theatre.tail.read().effects, (ContinuousClock.now - begin).components.seconds)
    }

    private func strike(
        _ theatre: Theatre, _ offering: MadeUpOffering, _ number: Int, _ strikes: [KillPlan.Strike], _ expected: Int
    ) async throws -> [Hit] {
        let start = try theatre.tail.read()
        guard try await theatre.api.settle(offering) == 201 else { throw TheatreFailure("\(offering.id) is known") }
        var hits: [Hit] = []
        for strike in strikes {
            try await reach(strike, theatre, offering, start, expected)
            hits.append(try hit(theatre, number, strike.kind, start, isRecovery: false))
            switch strike.kind {
            case .kill:
                try await theatre.killDaemon()
                for pause in strike.again {
                    // Killed again while it opens its store, or takes its first sagas up.
                    _ = try theatre.launchDaemon()
                    try await Self.reopened(theatre, for: pause)
                    hits.append(try hit(theatre, number, .kill, start, isRecovery: true))
                    try await theatre.killDaemon()
                }
                try await theatre.startDaemon()
            case .drain:
                let status = try await theatre.drainDaemon()
                guard status == 0 else { throw TheatreFailure("SIGTERM ended the daemon with \(status)") }
                try await theatre.startDaemon()
            case .freeze:
                theatre.daemon?.signal(SIGSTOP)
                try await Task.sleep(for: .milliseconds(2_600))
                theatre.daemon?.signal(SIGCONT)
            }
        }
        return hits
    }

    /// Lets a new life run for a moment; where it answers in that time, notices come to it.
    private static func reopened(_ theatre: Theatre, for milliseconds: Int) async throws {
        guard let child = theatre.daemon else { return }
        try await Task.sleep(for: .milliseconds(milliseconds))
        if !child.isRunning { throw TheatreFailure("the daemon ended by itself: \(try child.said())") }
    }

    /// Waits for the moment of a strike.
    private func reach(
        _ strike: KillPlan.Strike, _ theatre: Theatre, _ offering: MadeUpOffering, _ start: CounterpartyTail.Count,
        _ expected: Int
    ) async throws {
        let goal = start.effects + Int(strike.share * Double(expected))
        let deadline = ContinuousClock.now + .seconds(240)
        while true {
            let count = try theatre.tail.read()
            if strike.atMint ? count.mintOrders > start.mintOrders : count.effects >= goal { return }
            guard theatre.daemon?.isRunning == true else {
                throw TheatreFailure("the daemon ended by itself: \(try theatre.daemon?.said() ?? "")")
            }
            guard ContinuousClock.now < deadline else {
                let seen = try await theatre.api.saga(offering.id)
                throw TheatreFailure(
                    "\(offering.id) stands still at \(count.effects) effects: \(seen.status) \(seen.text)")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func hit(
        _ theatre: Theatre, _ number: Int, _ kind: KillPlan.Kind, _ start: CounterpartyTail.Count, isRecovery: Bool
    ) throws -> Hit {
        let count = try theatre.tail.read()
        let phase =
            if count.deliveries > start.deliveries {
                "distributing"
            } else if count.mintOrders > start.mintOrders {
                "minting"
            } else {
                "funding"
            }
        return Hit(
            settlement: number, kind: kind, phase: phase, isRecovery: isRecovery, effects: count.effects - start.effects
        )
    }

    private func report(
        _ hits: [Hit], _ faults: [String: Int], _ clean: (effects: Int, seconds: Int64), _ judgement: Judgement,
        _ drained: Int32, _ settled: Int, _ took: Duration
    ) -> CampaignResult {
        var result = CampaignResult(
            name: "kill", title: "Killed again and again",
            command: "scripts/chaos-kill --kills \(kills) --investors \(investors) --seed \(options.seed)", took: took)
        let killed = hits.filter { $0.kind == .kill }
        // A short run cannot meet everything.
        let least = kills >= 10 ? 1 : 0
        result.count("settlements of \(investors) investors", settled)
        result.count("effects of the clean run", clean.effects)
        result.count("kill -9 between 1 % and 99 % of the work", killed.count, atLeast: kills)
        result.count(
            "of these during recovery, within a second of a start", killed.filter(\.isRecovery).count,
            atLeast: min(kills / 3, kills >= 50 ? 10 : 1))
        for phase in ["funding", "minting", "distributing"] {
            result.count("kills while \(phase)", killed.filter { $0.phase == phase }.count, atLeast: least)
        }
        for kind in [KillPlan.Kind.drain, .freeze] {
            result.count("\(kind.rawValue)", hits.filter { $0.kind == kind }.count, atLeast: 1)
        }
        for kind in Self.kinds { result.count("fault \(kind)", faults[kind] ?? 0, atLeast: least) }
        result.count("sagas judged", judgement.sagas)
        result.count("journal entries in the verified chain", judgement.entries)
        result.count("effects at the counterparties", judgement.effects)
        result.count("notices stored", judgement.notices)
        result.violations += judgement.violations
        if drained != 0 { result.violations.append("SIGTERM ended the daemon with \(drained)") }
        return result
    }

    /// Every kind of fault that heals by itself and that the daemon can meet; it reads no listings of orders.
    static let kinds = [
        "slow", "error_before", "error_after", "cut", "applied_late", "rate_limited", "malformed", "oversized",
        "notice_early", "notice_doubled", "notice_repeated", "notice_reordered", "notice_chunked", "notice_lost",
        "notice_late", "notice_forged",
    ]
}
