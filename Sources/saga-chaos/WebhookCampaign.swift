internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// Attacks the webhook of a running daemon in every way, while an honest counterparty goes on telling the truth.
struct WebhookCampaign {
    let isFull: Bool
    let options: Theatre.Options

    private var floods: Int { isFull ? 5_000 : 300 }
    private var slowClients: Int { isFull ? 200 : 40 }
    private var slowSeconds: Int { isFull ? 30 : 3 }
    private var investors: Int { isFull ? 200 : 20 }

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

    /// What was said to be stored, and what was sent with a right signature.
    private struct Ledger {
        /// Ids that were answered with 200.
        var acknowledged: Set<String> = []
        /// Ids that we have sent with a right signature, whatever came of it.
        var sent: Set<String> = []
        var violations: [String] = []
        var counts: [(String, Int, Int)] = []
    }

    private func run(_ theatre: Theatre) async throws -> CampaignResult {
        let begin = ContinuousClock.now
        let offerings = try await theatre.offerings(0...0, investors: investors)
        try await theatre.startSandbox(offerings, faults: #"{"seed":1,"rules":[]}"#)
        try await theatre.startDaemon()
        guard let port = UInt16(theatre.api.address.split(separator: ":").last ?? "") else {
            throw TheatreFailure("no port in \(theatre.api.address)")
        }
        guard try await theatre.api.settle(offerings[0]) == 201 else { throw TheatreFailure("it existed before") }
        let honest = HonestClient(address: theatre.api.address, seed: options.seed)
        let honesty = Task { try await honest.run() }
        var ledger = Ledger()
        Console.say("framing")
        try await framing(port, &ledger)
        Console.say("forgeries")
        try await forgeries(port, &ledger)
        Console.say("replays, stale ones, unknown keys")
        try await replays(port, &ledger)
        Console.say("\(slowClients) slow clients for \(slowSeconds) s")
        try await slow(port, &ledger)
        Console.say("a flood of \(floods) orphans")
        try await flood(port, &ledger)
        honest.stop()
        let report = try await honesty.value
        ledger.acknowledged.formUnion(report.acknowledged)
        ledger.sent.formUnion(report.acknowledged)
        try await theatre.awaitEnd(of: offerings[0], within: .seconds(120))
        _ = try await theatre.drainDaemon()
        try await theatre.stopSandbox()
        return try await judge(theatre, offerings, ledger, report, ContinuousClock.now - begin)
    }

    private func framing(_ port: UInt16, _ ledger: inout Ledger) async throws {
        let forge = try CallbackForge()
        func make(_ name: String) throws -> CallbackForge.Callback {
            try forge.callback(id: "framing-\(name)", body: CallbackForge.body(reference: "framing-\(name)"))
        }
        let attacks = try FramingAttacks.all(make) + FramingAttacks.lines(make("line"))
        let answers = try await Threads.map(attacks.map(\.bytes), threads: 8) { bytes in
            let socket = try RawSocket(port: port, timeout: 3)
            socket.send(bytes)
            return RawAnswers(socket.everything())
        }
        var refused = 0
        for (attack, answer) in zip(attacks, answers) {
            if answer.text.contains(FramingAttacks.smuggledAnswer) {
                ledger.violations.append("framing \(attack.name): the smuggled request was answered")
            }
            // libmicrohttpd writes the head of its own refusals twice before it closes; more must never follow.
            if answer.statuses.count > 1, answer.statuses.contains(where: { $0 < 400 }) {
                ledger.violations.append("framing \(attack.name): \(answer.statuses.count) answers, \(answer.statuses)")
            }
            ledger.sent.formUnion(["framing-\(attack.name)", "framing-line"])
            if answer.statuses.contains(200) {
                let id = attack.name.hasPrefix("path") || attack.name.hasPrefix("old") ? "line" : attack.name
                ledger.acknowledged.insert("framing-\(id)")
                Console.say("taken in: \(attack.name)")
            } else {
                refused += 1
            }
        }
        ledger.counts.append(("framing attacks", attacks.count, 26))
        ledger.counts.append(("framing attacks refused", refused, 20))
    }

    private func forgeries(_ port: UInt16, _ ledger: inout Ledger) async throws {
        let forge = try CallbackForge(keyID: nil)
        let genuine = try forge.callback(id: "genuine-\(options.seed)", body: CallbackForge.body(reference: "genuine"))
        var forged = CallbackForge.forgeries(of: genuine)
        // The short run takes every seventh bit, the full one all of them.
        if !isFull { forged = forged.enumerated().filter { $0.offset % 7 == 0 }.map(\.element) }
        func send(_ callbacks: [CallbackForge.Callback]) async throws -> [RawAnswers] {
            try await Threads.map(callbacks.map { $0.request() }, threads: 8) { bytes in
                let socket = try RawSocket(port: port, timeout: 3)
                socket.send(bytes)
                return RawAnswers(socket.everything())
            }
        }
        let before = try await send(forged.map(\.callback))
        let genuineAnswer = try await send([genuine])
        // Once more where the genuine one is known, and an id alone could let it pass.
        let after = try await send(forged.map(\.callback))
        for (answers, moment) in [(before, "before"), (after, "after")] {
            for ((part, callback), answer) in zip(forged, answers) where answer.statuses.contains(where: { $0 < 400 }) {
                let id = String(decoding: callback.id, as: UTF8.self)
                ledger.violations.append(
                    "a forged \(part) was answered \(answer.statuses) \(moment) the genuine one: \(id)")
            }
        }
        guard genuineAnswer.first?.statuses == [200] else {
            throw TheatreFailure("the genuine callback was answered \(genuineAnswer.first?.text ?? "not at all")")
        }
        ledger.sent.insert("genuine-\(options.seed)")
        ledger.acknowledged.insert("genuine-\(options.seed)")
        for part in ["body", "signature", "id", "timestamp"] {
            ledger.counts.append(
                ("single-bit forgeries of the \(part)", 2 * forged.filter { $0.part == part }.count, 1))
        }
    }

    private func replays(_ port: UInt16, _ ledger: inout Ledger) async throws {
        let forge = try CallbackForge()
        let replayed = try forge.callback(id: "replayed", body: CallbackForge.body(reference: "replayed"))
        let other = try forge.callback(
            id: "replayed", body: CallbackForge.body(reference: "replayed", amount: "9999.00"))
        let old = try forge.callback(id: "stale", body: CallbackForge.body(reference: "stale"), age: 1_000)
        let early = try forge.callback(id: "early", body: CallbackForge.body(reference: "early"), age: -1_000)
        let stranger = try CallbackForge(secret: "whsec_" + Base64.encode(Array(repeating: 7, count: 32)), keyID: "k9")
        let unknown = try stranger.callback(id: "unknown", body: CallbackForge.body(reference: "unknown"))
        func ask(_ callback: CallbackForge.Callback, times: Int) async throws -> [Int] {
            try await Threads.map(Array(repeating: callback.request(), count: times), threads: 8) { bytes in
                let socket = try RawSocket(port: port, timeout: 3)
                socket.send(bytes)
                return RawAnswers(socket.everything()).statuses.first ?? 0
            }
        }
        let cases = [
            ("replays of one callback", replayed, isFull ? 200 : 20, 200), ("replays with another body", other, 5, 200),
            ("stale callbacks", old, 5, 401), ("callbacks from the future", early, 5, 401),
            ("callbacks under an unknown key", unknown, 5, 401),
        ]
        for (name, callback, times, expected) in cases {
            let statuses = try await ask(callback, times: times)
            for status in statuses where status != expected {
                ledger.violations.append("\(name): answered \(status), not \(expected)")
            }
            ledger.counts.append((name, statuses.count, 1))
        }
        ledger.sent.formUnion(["replayed", "stale", "early"])
        ledger.acknowledged.insert("replayed")
    }

    private func slow(_ port: UInt16, _ ledger: inout Ledger) async throws {
        let request = try CallbackForge().callback(id: "slow", body: CallbackForge.body(reference: "slow")).request()
        let seconds = slowSeconds
        let cut = try await Threads.map(Array(0..<slowClients), threads: slowClients) { index in
            let socket = try RawSocket(port: port, timeout: 2)
            // Half of them dawdle in the head, half in the body.
            let ahead = index % 2 == 0 ? 20 : request.count - 60
            socket.send(Array(request[..<ahead]))
            for byte in request[ahead...].prefix(seconds) {
                Thread.sleep(forTimeInterval: 1)
                if !socket.send([byte]) { return true }
            }
            return false
        }
        ledger.sent.insert("slow")
        ledger.counts.append(("slow clients", cut.count, slowClients))
        if isFull { ledger.counts.append(("slow clients cut off by the deadline", cut.filter(\.self).count, 1)) }
    }

    private func flood(_ port: UInt16, _ ledger: inout Ledger) async throws {
        let forge = try CallbackForge()
        let ids = (0..<floods).map { "orphan-\($0)" }
        let statuses = try await Threads.map(ids, threads: 32) { id in
            let callback = try forge.callback(id: id, body: CallbackForge.body(reference: "nobody-\(id)"))
            let socket = try RawSocket(port: port, timeout: 30)
            socket.send(callback.request())
            return RawAnswers(socket.everything()).statuses.first ?? 0
        }
        for (id, status) in zip(ids, statuses) {
            ledger.sent.insert(id)
            if status == 200 { ledger.acknowledged.insert(id) }
        }
        let taken = statuses.filter { $0 == 200 }.count
        ledger.counts.append(("orphan notices in a flood", ids.count, floods))
        ledger.counts.append(("of these taken in, the others told to come again", taken, floods / 2))
        for status in statuses where ![200, 429, 503].contains(status) {
            ledger.violations.append("an orphan was answered \(status)")
        }
    }

    private func judge(
        _ theatre: Theatre, _ offerings: [MadeUpOffering], _ ledger: Ledger, _ honest: HonestClient.Report,
        _ took: Duration
    ) async throws -> CampaignResult {
        var circumstances = Judgement.Circumstances(offerings: offerings)
        circumstances.ownNotices = ledger.sent.map { ("custodian", $0) }
        let judgement = try await Judgement(of: theatre, circumstances)
        var result = CampaignResult(
            name: "webhook", title: "The webhook under attack",
            command: "scripts/chaos-webhook\(isFull ? "" : " --quick") --seed \(options.seed)", took: took)
        for (what, count, least) in ledger.counts { result.count(what, count, atLeast: least) }
        result.count("honest callbacks meanwhile", honest.count, atLeast: isFull ? 200 : 10)
        result.count("honest p50, ms", honest.percentile(50))
        result.count("honest p99, ms", honest.percentile(99))
        result.count("honest callbacks refused", honest.failures.count)
        result.count("answers 200 that were looked up in the store", ledger.acknowledged.count, atLeast: 1)
        result.violations += ledger.violations
        result.violations += honest.failures.map { "an honest callback was answered \($0)" }
        if honest.percentile(99) >= 1_000 {
            result.violations.append("I18: the honest p99 is \(honest.percentile(99)) ms")
        }
        for id in ledger.acknowledged.sorted() where !judgement.stored.contains("custodian \(id)") {
            result.violations.append("I13: \(id) was answered 200 and is not in the store")
        }
        // What is quarantined under an id of its own is no change; everything else stored must have been sent.
        result.violations += judgement.violations.filter { !$0.contains("unverified:") }
        return result
    }
}
