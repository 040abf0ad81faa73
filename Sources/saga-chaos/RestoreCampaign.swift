internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// Puts an old copy of the database back in the middle of a settlement; then tampers with what is written.
struct RestoreCampaign {
    let isFull: Bool
    let options: Theatre.Options
    let faults: String

    private var investors: Int { isFull ? 500 : 40 }
    private var tampered: Int { isFull ? 100 : 12 }

    func run() async throws -> CampaignResult {
        let theatre = try Theatre(options)
        do {
            var result = try await run(theatre)
            try await theatre.strike(keeping: !result.violations.isEmpty)
            try await UnderWay(investors: isFull ? 12 : 5, options: options, faults: faults).run(into: &result)
            return result
        } catch {
            Console.say("failed: \(error)")
            try await theatre.strike(keeping: true)
            throw error
        }
    }

    private func run(_ theatre: Theatre) async throws -> CampaignResult {
        let begin = ContinuousClock.now
        let offerings = try await theatre.offerings(0...0, investors: investors)
        let offering = offerings[0]
        try await theatre.startSandbox(offerings, faults: faults)
        try await theatre.startDaemon()
        guard try await theatre.api.settle(offering) == 201 else { throw TheatreFailure("it existed before") }
        // About four effects a line come before the mint and two after it.
        let copied = try await reach(investors * 2, theatre)
        let copy = "\(theatre.folder)/copy.db"
        // While the daemon works on: reading does not disturb it.
        try RawDatabase(path: theatre.database).execute("VACUUM INTO '\(copy)'")
        Console.say("copied at \(copied) effects")
        let reached = try await reach(copied + investors, theatre)
        guard try await theatre.drainDaemon() == 0 else { throw TheatreFailure("SIGTERM did not end the daemon well") }
        try theatre.putBack(copy)
        Console.say("the copy is back, \(reached - copied) effects old")
        let refusal = try await refused(theatre)
        let restored = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) + 5_000)
        try await theatre.startDaemon(afterRestore: true)
        try await theatre.awaitEnd(of: offering, within: .seconds(300))
        let ended = try theatre.tail.read().effects
        let again = try await again(theatre, offering, ended)
        _ = try await theatre.drainDaemon()
        try await theatre.stopSandbox()
        var circumstances = Judgement.Circumstances(offerings: offerings)
        circumstances.restoredUpTo = restored
        let judgement = try await Judgement(of: theatre, circumstances)
        let (checked, missed) = try await tamper(theatre)
        var result = CampaignResult(
            name: "restore", title: "An old copy put back",
            command: "scripts/chaos-restore\(isFull ? "" : " --quick") --seed \(options.seed)",
            took: ContinuousClock.now - begin)
        result.count("investors", investors)
        result.count("effects at the counterparties when the copy was made", copied, atLeast: 1)
        result.count("further effects that the copy knew nothing of", reached - copied, atLeast: 1)
        result.count("effects in the end", ended)
        result.count("sagas judged", judgement.sagas)
        result.count("entries changed by one byte, each named by audit verify", checked, atLeast: tampered)
        result.note("`serve` on the copy without `--after-restore`: \(refusal.words)")
        result.violations = judgement.violations + refusal.violations + again + missed
        return result
    }

    private func reach(_ goal: Int, _ theatre: Theatre) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            let effects = try theatre.tail.read().effects
            if effects >= goal { return effects }
            guard ContinuousClock.now < deadline else { throw TheatreFailure("it stands still at \(effects) effects") }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Without being told, the daemon does not begin on a copy that is older than its anchor.
    private func refused(_ theatre: Theatre) async throws -> (words: String, violations: [String]) {
        let child = try theatre.launchDaemon()
        guard try await theatre.daemonAnswers(child) == nil else {
            try await theatre.killDaemon()
            return ("it began", ["serve began on an old copy without being told"])
        }
        let status = try await child.end(within: .seconds(10))
        let words = try child.said().split(separator: "\n").last.map(String.init) ?? ""
        var violations: [String] = []
        if status != 1 { violations.append("serve refused an old copy with exit status \(status)") }
        if !words.contains("--after-restore") { violations.append("the refusal names no remedy: \(words)") }
        return (words.replacing(theatre.folder, with: ""), violations)
    }

    /// The same offering again moves nothing; other content under its id is refused.
    private func again(_ theatre: Theatre, _ offering: MadeUpOffering, _ ended: Int) async throws -> [String] {
        var violations: [String] = []
        let status = try await theatre.api.settle(offering)
        if status != 200 { violations.append("settling the same offering again was answered \(status)") }
        let other = String(decoding: try offering.file("offering.json"), as: UTF8.self)
            .replacing(#""unit_price":"5.07""#, with: #""unit_price":"5.08""#)
        let answer = try await theatre.api.ask(
            .post, "/api/v1/offerings/\(offering.id)/settlement", Array(other.utf8))
        if answer.status != 409 { violations.append("other content under the same id was answered \(answer.status)") }
        try await Task.sleep(for: .seconds(1))
        let now = try theatre.tail.read().effects
        if now != ended { violations.append("settling the same offering twice moved \(now - ended) effects more") }
        return violations
    }

    /// Changes single bytes of entries, one at a time, each of which the verification has to name.
    private func tamper(_ theatre: Theatre) async throws -> (checked: Int, missed: [String]) {
        var random = SeededGenerator(seed: options.seed)
        let raw = try RawDatabase(path: theatre.database)
        try raw.execute("DROP TRIGGER journal_no_update")
        let entries = try raw.rows(
            "SELECT j.number, s.id, j.sequence, hex(j.body), hex(j.link) FROM journal j JOIN saga s ON s.number = j.saga"
                + " WHERE length(j.body) > 0")
        var missed: [String] = []
        for index in 0..<tampered {
            let entry = entries[Int.random(in: 0..<entries.count, using: &random)]
            let (column, hex) = index % 4 == 3 ? ("link", entry[4]) : ("body", entry[3])
            var digits = Array(hex)
            let place = Int.random(in: 0..<digits.count, using: &random)
            digits[place] = digits[place] == "0" ? "1" : "0"
            try raw.execute("UPDATE journal SET \(column) = x'\(String(digits))' WHERE number = \(entry[0])")
            let store = try await Judgement.open(theatre)
            let fault = try await store.verifyAudit().fault
            await store.close()
            if fault?.saga != entry[1] || fault?.sequence != Int(entry[2]) {
                missed.append(
                    "I15: \(column) of \(entry[1]) entry \(entry[2]) was changed, and verify says "
                        + (fault?.description ?? "all is well"))
            }
            try raw.execute("UPDATE journal SET \(column) = x'\(hex)' WHERE number = \(entry[0])")
        }
        return (tampered, missed)
    }
}
