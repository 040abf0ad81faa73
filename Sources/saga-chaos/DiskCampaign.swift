internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// Fills the daemon's disk in the middle of a settlement, and gives it room again.
struct DiskCampaign {
    let isFull: Bool
    let options: Theatre.Options
    let faults: String
    /// Where a small file system is mounted for the store.
    let disk: String

    private var investors: Int { isFull ? 300 : 40 }
    private var rounds: Int { isFull ? 3 : 1 }

    func run() async throws -> CampaignResult {
        let begin = ContinuousClock.now
        var sight = Sight()
        // Once with a reserve that no batch is begun without, and once where commits meet the very end of the disk.
        for reserve in [8, 0] {
            Console.say("with a reserve of \(reserve) MiB")
            var options = options
            options.dataFolder = "\(disk)/reserve-\(reserve)"
            options.minimumFreeMebibytes = reserve
            let theatre = try Theatre(options)
            do {
                let known = sight.violations.count
                try await run(theatre, reserve, &sight)
                try await theatre.strike(keeping: sight.violations.count > known)
            } catch {
                Console.say("failed: \(error)")
                try await theatre.strike(keeping: true)
                throw error
            }
        }
        return report(sight, ContinuousClock.now - begin)
    }

    /// What was seen while the disk was full.
    private struct Sight {
        var refused = 0
        var acknowledged: [String] = []
        var sent: [String] = []
        var unready = 0
        var committed = 0
        var restarts = 0
        var sagas = 0
        var violations: [String] = []
    }

    private func run(_ theatre: Theatre, _ reserve: Int, _ sight: inout Sight) async throws {
        let offerings = try await theatre.offerings(0...0, investors: investors)
        let offering = offerings[0]
        try await theatre.startSandbox(offerings, faults: faults)
        try await theatre.startDaemon()
        guard try await theatre.api.settle(offering) == 201 else { throw TheatreFailure("it existed before") }
        let (sent, acknowledged) = (sight.sent.count, sight.acknowledged.count)
        for round in 0..<rounds {
            try await reach(investors * (1 + round), theatre)
            let isBrutal = reserve == 0 || isFull && round == rounds - 1
            Console.say("filling the disk\(isBrutal ? " to the last byte" : "")")
            try fill(leaving: isBrutal ? 0 : 4 << 20)
            try await look(theatre, round, &sight)
            try FileManager.default.removeItem(atPath: "\(disk)/filler")
            Console.say("there is room again")
            try await recover(theatre, round, &sight)
        }
        try await theatre.awaitEnd(of: offering, within: .seconds(180))
        _ = try await theatre.drainDaemon()
        try await theatre.stopSandbox()
        var circumstances = Judgement.Circumstances(offerings: offerings)
        circumstances.ownNotices = sight.sent[sent...].map { ("custodian", $0) }
        let judgement = try await Judgement(of: theatre, circumstances)
        sight.sagas += judgement.sagas
        sight.violations += judgement.violations
        for id in sight.acknowledged[acknowledged...] where !judgement.stored.contains("custodian \(id)") {
            sight.violations.append("I13: \(id) was answered 200 and is not in the store")
        }
    }

    private func report(_ sight: Sight, _ took: Duration) -> CampaignResult {
        var result = CampaignResult(
            name: "disk", title: "A full disk",
            command: "scripts/chaos-disk\(isFull ? "" : " --quick") --seed \(options.seed)", took: took)
        result.count("investors", investors)
        result.count("times the disk was full in the middle of a settlement", 2 * rounds)
        result.count("callbacks refused with 503 and Retry-After meanwhile", sight.refused, atLeast: rounds)
        result.count("looks at readiness that said no", sight.unready, atLeast: rounds)
        result.count("callbacks taken in before and afterwards", sight.acknowledged.count, atLeast: rounds)
        result.count("times the daemon ended and was started again", sight.restarts)
        result.count("sagas judged", sight.sagas)
        result.note(
            "With the configured reserve (`minimum_free_mib`) no batch is begun and the daemon goes on by itself. Without one "
                + "a commit can meet the end of the disk; the daemon then ends, because it cannot know what that commit "
                + "came to, and its supervisor starts it again.")
        result.violations = sight.violations
        return result
    }

    private func reach(_ goal: Int, _ theatre: Theatre) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try theatre.tail.read().effects < goal {
            guard ContinuousClock.now < deadline else { throw TheatreFailure("it does not reach \(goal) effects") }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    private func fill(leaving rest: Int) throws {
        let path = "\(disk)/filler"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw TheatreFailure("\(path) cannot be made") }
        defer { close(descriptor) }
        var status = statvfs()
        let page = [UInt8](repeating: 1, count: 1 << 16)
        while statvfs(disk, &status) == 0, Int(status.f_bavail) * Int(status.f_frsize) > rest {
            let left = Int(status.f_bavail) * Int(status.f_frsize) - rest
            guard Foundation.write(descriptor, page, min(page.count, left)) > 0 else { return }
        }
    }

    /// Looks at the daemon while the disk is full.
    private func look(_ theatre: Theatre, _ round: Int, _ sight: inout Sight) async throws {
        for attempt in 0..<15 {
            try await Task.sleep(for: .milliseconds(200))
            let id = "full-\(round)-\(attempt)"
            sight.sent.append(id)
            guard let answer = try await send(id, theatre) else { continue }
            switch answer.status {
            case 503:
                sight.refused += 1
                if answer.headers["Retry-After"] == nil { sight.violations.append("a 503 without Retry-After") }
            case 200: sight.acknowledged.append(id)
            default: sight.violations.append("a callback was answered \(answer.status) on a full disk")
            }
            if attempt > 2, try await isUnready(theatre) { sight.unready += 1 }
        }
    }

    /// A daemon that has ended because it could not know what its last commit came to is not ready either.
    private func isUnready(_ theatre: Theatre) async throws -> Bool {
        do throws(HTTPClientError) {
            return try await theatre.api.ask(.get, "/readyz").status == 503
        } catch {
            return true
        }
    }

    /// With room again it goes on; a daemon that could not know what its last commit came to is started again, as its
    /// supervisor would.
    private func recover(_ theatre: Theatre, _ round: Int, _ sight: inout Sight) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        for attempt in 0... {
            if theatre.daemon?.isRunning == false {
                sight.restarts += 1
                try await theatre.startDaemon()
            }
            let id = "room-\(round)-\(attempt)"
            sight.sent.append(id)
            if try await send(id, theatre)?.status == 200 {
                sight.acknowledged.append(id)
                return
            }
            guard ContinuousClock.now < deadline else {
                throw TheatreFailure("it takes nothing in although there is room")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Sends a genuine callback; `nil` when nobody answers.
    private func send(_ id: String, _ theatre: Theatre) async throws -> HTTPResponse? {
        let callback = try CallbackForge().callback(id: id, body: CallbackForge.body(reference: id))
        var request = HTTPRequest(
            method: .post, url: theatre.api.address + "/webhooks/custodian", body: callback.body, timeout: .seconds(10))
        request.headers.add("webhook-id", id)
        request.headers.add("webhook-timestamp", String(decoding: callback.timestamp, as: UTF8.self))
        request.headers.add("webhook-signature", String(decoding: callback.signature, as: UTF8.self))
        do {
            return try await theatre.http.execute(request)
        } catch {
            return nil
        }
    }
}
