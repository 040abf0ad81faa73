internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// The primary dies again and again, and a standby that missed the last moments takes its place.
///
/// What the runners had recorded in those moments is gone, and what they had sent has happened: a new life of the data
/// begins by itself, and whatever may have been sent is asked about first.
final class FailoverCampaign {
    private static let settlingLimit = Duration.seconds(300)

    private let failovers: Int
    private let investors: Int
    private let options: Theatre.Options
    private let faults: String
    private var server: ServerControl
    private let schema = "chaos"
    private var random: SeededGenerator

    init(failovers: Int, investors: Int, options: Theatre.Options, faults: String) throws {
        self.failovers = failovers
        self.investors = investors
        self.options = options
        self.faults = faults
        server = try ServerControl()
        random = SeededGenerator(seed: options.seed)
    }

    func run() async throws -> CampaignResult {
        try await ProxiedStage.use(options, server) { try await run($0, $1) }
    }

    private func run(_ theatre: Theatre, _ proxies: [PostgresProxy]) async throws -> CampaignResult {
        let begin = ContinuousClock.now
        let offerings = try await theatre.offerings(1...failovers, investors: investors)
        try await theatre.startSandbox(offerings, faults: faults)
        let troupe = try Troupe(theatre, schema: schema, urls: try proxies.map { try server.url(port: $0.port) })
        do {
            for index in 0..<RunnersPlan.runners { try await troupe.start(index) }
            try await troupe.balance()
            var lost: [Int] = []
            var moment = Timestamp(milliseconds: 0)
            for (index, offering) in offerings.enumerated() {
                lost.append(try await failOver(index + 1, offering, theatre, troupe, proxies))
                moment = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) + 5_000)
                try await awaitEnd(of: offering, troupe)
                Console.say("\(offering.id) ended by itself; the new primary knew nothing of \(lost[index]) effects")
            }
            let drained = try await troupe.drain()
            try await theatre.stopSandbox()
            Console.say("judging")
            var circumstances = Judgement.Circumstances(offerings: offerings)
            circumstances.restoredUpTo = moment
            let store = try await server.store(in: schema)
            let life = try await store.incarnation().number
            let judgement = try await Judgement(of: theatre, in: store, circumstances)
            return report(judgement, lost, life, drained, ContinuousClock.now - begin)
        } catch {
            try await troupe.strike()
            throw error
        }
    }

    /// Settles until a standby that has ceased to follow takes over; answers with how many effects it has missed.
    private func failOver(
        _ number: Int, _ offering: MadeUpOffering, _ theatre: Theatre, _ troupe: Troupe, _ proxies: [PostgresProxy]
    ) async throws -> Int {
        let start = try theatre.tail.read().effects
        try await troupe.submit(offering)
        let share = Double.random(in: 0.05..<0.7, using: &random)
        try await reach(start + Int(share * Double(investors) * 5), offering, theatre, troupe)
        // A copy takes time, and on a busy machine the settlement would be over before there is one: nothing is done
        // meanwhile.
        theatre.sandbox?.signal(SIGSTOP)
        defer { theatre.sandbox?.signal(SIGCONT) }
        let standby = try await server.standby(number, theatre)
        theatre.sandbox?.signal(SIGCONT)
        let known = try theatre.tail.read().effects
        try await Task.sleep(for: .milliseconds(Int.random(in: 100...1_500, using: &random)))
        try await server.stopAtOnce(theatre)
        let reached = try theatre.tail.read().effects
        Console.say(
            "\(offering.id): the primary has ended after \(reached - known) effects that the standby has missed")
        try await standby.promote(theatre)
        server = standby
        for proxy in proxies { proxy.redirect(to: standby.port) }
        for index in troupe.members.indices where troupe.members[index].process?.isRunning != true {
            try await troupe.start(index)
        }
        try await troupe.balance()
        return reached - known
    }

    private func reach(
        _ goal: Int, _ offering: MadeUpOffering, _ theatre: Theatre, _ troupe: Troupe
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try theatre.tail.read().effects < goal {
            if try await troupe.hasEnded(offering) { return }
            guard ContinuousClock.now < deadline else { throw TheatreFailure("\(offering.id) stands still") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func awaitEnd(of offering: MadeUpOffering, _ troupe: Troupe) async throws {
        let deadline = ContinuousClock.now + Self.settlingLimit
        while try await !troupe.hasEnded(offering) {
            guard ContinuousClock.now < deadline else {
                throw TheatreFailure("\(offering.id) has not ended within \(Self.settlingLimit)")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func report(
        _ judgement: Judgement, _ lost: [Int], _ life: Int, _ drained: [Int32], _ took: Duration
    ) -> CampaignResult {
        var result = CampaignResult(
            name: "failover", title: "Fail-over to a standby that lags",
            command: "scripts/chaos-failover --failovers \(failovers) --investors \(investors) --seed \(options.seed)",
            took: took)
        result.count("settlements of \(investors) investors by three runners", lost.count)
        result.count("fail-overs in the middle of one", lost.count, atLeast: failovers)
        result.count("of these to a standby that had missed effects", lost.count { $0 > 0 }, atLeast: failovers / 2)
        result.count("effects that it knew nothing of", lost.reduce(0, +), atLeast: 1)
        result.count("lives of the data that began by themselves", life, atLeast: failovers)
        result.count("sagas judged", judgement.sagas)
        result.count("effects at the counterparties", judgement.effects)
        result.violations += judgement.violations
        result.violations += drained.filter { $0 != 0 }.map { "SIGTERM ended a runner with \($0)" }
        return result
    }
}
