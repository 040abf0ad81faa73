internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// Three runners on one PostgreSQL: each of them, and the server, ends and comes back at any moment while they settle.
final class RunnersCampaign {
    private static let settlingLimit = Duration.seconds(600)
    /// What a runner's lease is in this campaign, and how much later all must be taken over.
    private static let takeOverLimit = Duration.milliseconds(2_000 + 5_000)
    private static let pastTheLease = Duration.milliseconds(2_600)

    private let sizes: RunnersPlan.Sizes
    private let investors: Int
    private let settlements: Int
    private let options: Theatre.Options
    private let faults: String
    /// What the older version is called that works beside this one; `nil` when all are of one.
    private let from: String?
    private let server: ServerControl
    private let schema = "chaos"
    private var random: SeededGenerator
    private var counts = Counts()

    /// What has been done.
    private struct Counts {
        var kills = 0
        var zombies = 0
        var stops = 0
        var backends = 0
        var restarts = 0
        var unready = 0
        var wronglyReady = 0
        var cuts: [PostgresProxy.Cut] = []
        var takeOvers: [Duration] = []
        var fenced = 0
        var otherLives = 0
    }

    init(
        sizes: RunnersPlan.Sizes, investors: Int, settlements: Int, options: Theatre.Options, faults: String,
        from: String? = nil
    ) throws {
        self.from = from
        self.sizes = sizes
        self.investors = investors
        self.settlements = settlements
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
        let offerings = try await theatre.offerings(1...settlements, investors: investors)
        try await theatre.startSandbox(offerings, faults: faults)
        let troupe = try Troupe(theatre, schema: schema, urls: try proxies.map { try server.url(port: $0.port) })
        do {
            for index in 0..<RunnersPlan.runners { try await troupe.start(index) }
            try await troupe.balance()
            let settled = try await settle(offerings, theatre, troupe, proxies)
            let drained = try await troupe.drain()
            try await theatre.stopSandbox()
            Console.say("judging")
            let store = try await server.store(in: schema)
            let judgement = try await Judgement(of: theatre, in: store, Judgement.Circumstances(offerings: settled))
            let attempts = try await Self.attempts(theatre)
            counts.fenced = try troupe.count(of: "saga.fenced")
            counts.otherLives = troupe.otherLives
            return report(judgement, settled.count, attempts, drained, ContinuousClock.now - begin)
        } catch {
            try await troupe.strike()
            throw error
        }
    }

    /// Blow after blow while one settlement after the other goes on, until there are no more blows.
    private func settle(
        _ offerings: [MadeUpOffering], _ theatre: Theatre, _ troupe: Troupe, _ proxies: [PostgresProxy]
    ) async throws -> [MadeUpOffering] {
        var blows = RunnersPlan.draw(sizes, &random)[...]
        var settled: [MadeUpOffering] = []
        for offering in offerings {
            try await troupe.submit(offering)
            settled.append(offering)
            var isUnderWay = true
            let deadline = ContinuousClock.now + Self.settlingLimit
            while isUnderWay {
                guard ContinuousClock.now < deadline else {
                    throw TheatreFailure("\(offering.id) has not ended within \(Self.settlingLimit)")
                }
                if let blow = blows.first {
                    blows.removeFirst()
                    try await strike(blow, theatre, troupe, proxies)
                    if blows.isEmpty, counts.backends < sizes.backends { blows = [.terminate(runner: 0)] }
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...400, using: &random)))
                isUnderWay = try await !troupe.hasEnded(offering)
            }
            Console.say("\(offering.id) ended by itself; \(blows.count) blows are left")
            if blows.isEmpty { break }
        }
        if !blows.isEmpty { Console.say("the settlements ended before the blows: give more with --settlements") }
        for proxy in proxies {
            proxy.disarm()
            counts.cuts += proxy.struck
        }
        return settled
    }

    // MARK: Blows

    private func strike(
        _ blow: RunnersPlan.Blow, _ theatre: Theatre, _ troupe: Troupe, _ proxies: [PostgresProxy]
    ) async throws {
        try await revive(troupe)
        switch blow {
        case .kill(let runner):
            let start = ContinuousClock.now
            try await troupe.kill(runner)
            counts.kills += 1
            try await troupe.balance()
            // Before it comes back: its next life has a lease of its own, and holds something nearly all the time.
            let dead = try leases(of: runner)
            try troupe.launch(runner)
            try await takenOver(dead, of: runner, since: start)
            _ = try await troupe.answers(runner)
        case .zombie(let runner):
            troupe.freeze(runner)
            try await troupe.balance()
            try await Task.sleep(for: Self.pastTheLease)
            troupe.thaw(runner)
            counts.zombies += 1
        case .stop(let away):
            try await server.stopAtOnce(theatre)
            try await lookAtReadiness(troupe)
            try await Task.sleep(for: .milliseconds(away))
            try await server.start(theatre)
            counts.stops += 1
        case .terminate(let runner): counts.backends += try terminate(runner, proxies)
        case .cut(let runner, let cuts):
            proxies[runner].arm(cuts)
            let deadline = ContinuousClock.now + .seconds(5)
            while proxies[runner].armed > 0, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(10))
            }
            proxies[runner].disarm()
        }
    }

    /// While the database is away no runner says that it is ready, and a notice is refused so that it comes again.
    private func lookAtReadiness(_ troupe: Troupe) async throws {
        for api in troupe.members.filter(\.isUp).compactMap(\.api) {
            do {
                let ready = try await api.ask(.get, "/readyz")
                if ready.status == 503 { counts.unready += 1 } else { counts.wronglyReady += 1 }
            } catch {
                throw TheatreFailure("a runner does not answer while the database is away: \(error)")
            }
        }
    }

    /// A supervisor starts again what has ended; a daemon may, when the database is away as it starts.
    private func revive(_ troupe: Troupe) async throws {
        for index in troupe.members.indices where troupe.members[index].process?.isRunning != true {
            counts.restarts += 1
            try await troupe.start(index)
        }
        try await troupe.balance()
    }

    /// The epochs of the leases that a runner's lives have, and nobody has taken over.
    private func leases(of runner: Int) throws -> [String] {
        try RawServer(url: server.url).rows(
            """
            SELECT l.epoch FROM \(schema).lease l JOIN \(schema).runner r
                ON l.runner = r.name OR starts_with(l.runner, r.name || '+')
            WHERE NOT l.dead AND r.name LIKE 'runner-\(runner + 1)-%'
            """
        ).map { $0[0] }
    }

    /// Waits until nothing is held under a runner's dead leases, and notes how long that took.
    private func takenOver(_ dead: [String], of runner: Int, since start: ContinuousClock.Instant) async throws {
        guard !dead.isEmpty else { return }
        let watch = try RawServer(url: server.url)
        let list = dead.joined(separator: ",")
        while true {
            let held = try watch.rows(
                """
                SELECT count(*) FROM \(schema).progress p JOIN \(schema).lease l ON l.epoch = p.holder
                WHERE p.holder IN (\(list)) AND NOT l.dead
                """)
            if held.first?.first == "0" { break }
            guard ContinuousClock.now - start < .seconds(60) else {
                throw TheatreFailure("nobody takes over what runner-\(runner + 1) held")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        let wait = ContinuousClock.now - start
        if wait > Self.takeOverLimit { Console.say("what runner-\(runner + 1) held was taken over after \(wait)") }
        counts.takeOvers.append(wait)
    }

    /// Has the server end the connections that have come by way of one runner's proxy: those of its application.
    private func terminate(_ runner: Int, _ proxies: [PostgresProxy]) throws -> Int {
        let ended = try RawServer(url: server.url).rows(
            """
            SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
                WHERE application_name = 'saga-runner' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 4) AS ended
            """)
        return ended.count { $0.first == "t" }
    }

    /// How many requests for an order have reached the counterparties.
    private static func attempts(_ theatre: Theatre) async throws -> Int {
        var attempts = 0
        for name in ["custodian", "blockchain", "bank"] {
            let path = "\(theatre.folder)/counterparties/\(name).ndjson"
            for line in try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n")) {
                if case .attempted? = PartyEvent(line: Array(line)) { attempts += 1 }
            }
        }
        return attempts
    }

    // MARK: Report

    private func report(
        _ judgement: Judgement, _ settled: Int, _ attempts: Int, _ drained: [Int32], _ took: Duration
    ) -> CampaignResult {
        var result =
            if let from {
                CampaignResult(
                    name: "versions", title: "Three runners of two versions on one PostgreSQL",
                    command: "scripts/chaos-versions --from \(from) \(words)", took: took)
            } else {
                CampaignResult(
                    name: "runners", title: "Three runners on one PostgreSQL",
                    command: "scripts/chaos-runners \(words)", took: took)
            }
        if from != nil { result.count("lives of runners of the older version", counts.otherLives, atLeast: 2) }
        result.count("settlements of \(investors) investors", settled)
        result.count("kill -9 of a runner", counts.kills, atLeast: sizes.kills)
        result.count("runners stopped past their lease (SIGSTOP, SIGCONT)", counts.zombies, atLeast: sizes.zombies)
        // A few may all be stopped while they write nothing.
        result.count(
            "stale writes attempted and refused", counts.fenced, atLeast: sizes.zombies >= 10 ? sizes.zombies : 0)
        result.count("immediate stops of the server", counts.stops, atLeast: sizes.stops)
        result.count("looks at readiness meanwhile that said no", counts.unready, atLeast: sizes.stops)
        if counts.wronglyReady > 0 {
            result.violations.append("\(counts.wronglyReady) runners said that they were ready without a database")
        }
        result.count("connections ended by the server", counts.backends, atLeast: sizes.backends)
        for cut in PostgresProxy.Cut.allCases {
            result.count(
                "connections cut \(cut.rawValue)", counts.cuts.count { $0 == cut }, atLeast: sizes.cuts / 4)
        }
        result.count("connections cut at COMMIT in all", counts.cuts.count, atLeast: sizes.cuts * 9 / 10)
        result.count("runners that a supervisor had to start again", counts.restarts)
        let waits = counts.takeOvers.sorted()
        for (word, share) in [("p50", 50), ("p99", 99)] where !waits.isEmpty {
            let wait = waits[min(waits.count - 1, waits.count * share / 100)]
            result.count("taken over after a kill, \(word), ms", Int(wait / .milliseconds(1)))
            if wait > Self.takeOverLimit {
                result.violations.append("taken over later than the lease and 5 s: \(wait)")
            }
        }
        result.count("sagas judged", judgement.sagas)
        result.count("journal entries in the verified chain", judgement.entries)
        result.count("requests for orders that reached the counterparties", attempts, atLeast: judgement.effects)
        result.count("effects at the counterparties", judgement.effects)
        result.count("notices stored", judgement.notices)
        result.violations += judgement.violations
        result.violations += drained.filter { $0 != 0 }.map { "SIGTERM ended a runner with \($0)" }
        return result
    }

    private var words: String {
        "--kills \(sizes.kills) --zombies \(sizes.zombies) --stops \(sizes.stops) --backends \(sizes.backends) "
            + "--cuts \(sizes.cuts) --investors \(investors) --seed \(options.seed)"
    }
}
