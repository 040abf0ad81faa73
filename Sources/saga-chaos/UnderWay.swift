internal import Adapters
internal import Foundation
internal import RunnerTheatre
internal import SagaEngine

/// Puts an old copy back that knows nothing of what offerings have moved since, each beside another offering whose
/// money stands on the same accounts; then hands them in again, and calls them off.
struct UnderWay {
    private static let far = "2090-01-01T00:00:00Z"
    let investors: Int
    let options: Theatre.Options
    let faults: String

    func run(into result: inout CampaignResult) async throws {
        let begin = ContinuousClock.now
        let theatre = try Theatre(options)
        do {
            let violations = try await run(theatre, &result)
            try await theatre.strike(keeping: !violations.isEmpty)
            result.violations += violations
            result.took += ContinuousClock.now - begin
        } catch {
            Console.say("failed: \(error)")
            try await theatre.strike(keeping: true)
            throw error
        }
    }

    private func run(_ theatre: Theatre, _ result: inout CampaignResult) async throws -> [String] {
        let soon = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) + 20_000)
        let cases = try await cases(theatre, soon: soon.rfc3339)
        let funded = cases.flatMap { $0.before == .unfunded ? [$0.other] : [$0.offering, $0.other] }
        try await theatre.startSandbox(funded, faults: faults)
        try await theatre.startDaemon()
        for item in cases {
            try await submit(item.other, theatre)
            if item.isInCopy { try await submit(item.offering, theatre) }
        }
        for item in cases {
            try await until(item.other.id, "waiting", theatre)
            if item.isInCopy { try await until(item.offering.id, "waiting", theatre) }
        }
        let copy = "\(theatre.folder)/copy.db"
        try RawDatabase(path: theatre.database).execute("VACUUM INTO '\(copy)'")
        guard try MoneyJournal(of: theatre).isEmpty else { throw TheatreFailure("the copy was made too late") }
        try await moveOn(cases, theatre)
        guard try await theatre.drainDaemon() == 0 else { throw TheatreFailure("SIGTERM did not end the daemon well") }
        let moved = try MoneyJournal(of: theatre)
        try theatre.putBack(copy)
        Console.say("the copy is back; \(moved.count) movements of money are forgotten")
        try await theatre.order(.delete, "faults")
        for item in cases where item.after == .forwardAfterAll { try await stand(item, "frozen", theatre) }
        let restored = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) + 5_000)
        try await theatre.startDaemon(afterRestore: true)
        for item in cases where !item.isInCopy { try await submit(item.offering, theatre) }
        for item in cases { try await finish(item, theatre) }
        // What is left on the accounts is the others', to the cent.
        for item in cases { try await theatre.api.act("cancel", on: item.other.id) }
        for item in cases { try await until(item.other.id, "cancelled", theatre) }
        _ = try await theatre.drainDaemon()
        try await theatre.stopSandbox()
        var circumstances = Judgement.Circumstances(offerings: [])
        circumstances.restoredUpTo = restored
        let judgement = try await Judgement(of: theatre, circumstances)
        let journal = try MoneyJournal(of: theatre)
        result.count("offerings under way, each beside another one with the same investors", cases.count)
        result.count("movements of money that the copy knew nothing of", moved.count, atLeast: cases.count)
        result.count("movements of money in the end, each under a reference of its own", journal.count)
        return judgement.violations + cases.flatMap { journal.faults(of: $0) } + journal.blindness(to: cases)
    }

    private func cases(_ theatre: Theatre, soon: String) async throws -> [UnderWayCase] {
        var cases: [UnderWayCase] = []
        for (index, kind) in UnderWayCase.all.enumerated() {
            let number = 100 + 2 * index
            // What goes forward does so at once or, from the copy, on its day; all else waits for ever.
            let isForward = kind.before == .whole || kind.before == .part
            let day = isForward ? (kind.isInCopy ? soon : nil) : Self.far
            let offering = try await theatre.offering(number, investors: investors, .init(allotmentAt: day))
            let other = try await theatre.offering(
                number + 1, investors: investors, .init(investorsOf: number, allotmentAt: Self.far))
            cases.append(
                UnderWayCase(
                    before: kind.before, after: kind.after, isInCopy: kind.isInCopy, offering: offering, other: other))
        }
        return cases
    }

    /// What happens between the copy and the moment when it is put back.
    private func moveOn(_ cases: [UnderWayCase], _ theatre: Theatre) async throws {
        for item in cases where item.before == .part || item.before == .halfCalledOff {
            let stage = item.before == .part ? "transfer" : "refund"
            let reference = "\(item.offering.id):*:\(item.heldUp.investor):\(stage)*"
            try await theatre.order(
                .post, "faults",
                #"{"kind":"error_before","verbs":["deliver"],"references":["\#(reference)"],"attempts":1000000}"#)
        }
        for item in cases where !item.isInCopy && item.before != .unfunded && item.before != .untouched {
            try await submit(item.offering, theatre)
        }
        for item in cases where item.before == .halfCalledOff {
            try await until(item.offering.id, "waiting", theatre)
            try await theatre.api.act("cancel", on: item.offering.id)
        }
        for item in cases {
            switch item.before {
            case .whole: try await theatre.awaitEnd(of: item.offering, within: .seconds(120))
            case .part, .halfCalledOff: try await untilAllButOne(item, theatre)
            case .untouched, .unfunded: continue
            }
        }
    }

    private func untilAllButOne(_ item: UnderWayCase, _ theatre: Theatre) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try MoneyJournal(of: theatre).linesRecorded(of: item.offering.id) < item.offering.lines.count - 1 {
            guard ContinuousClock.now < deadline else { throw TheatreFailure("\(item.words) stands still") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Takes an offering to the end that is right for it.
    private func finish(_ item: UnderWayCase, _ theatre: Theatre) async throws {
        let id = item.offering.id
        switch (item.before, item.after) {
        case (_, .forward): break
        case (_, .forwardAfterAll):
            for action in ["cancel", "discard"] {
                try await until(id, "stuck", saying: "is frozen", theatre)
                try await theatre.api.act(action, on: id)
                try await until(id, "stuck", saying: "resume goes forward", theatre)
                if action == "discard" { try await stand(item, "open", theatre) }
                try await theatre.api.act("resume", on: id)
            }
        case (.halfCalledOff, _):
            // One that waits for its day in the copy does not know yet.
            if !item.isInCopy { try await until(id, "stuck", saying: "cancel pays back the rest", theatre) }
            try await theatre.api.act("discard", on: id)
            try await until(id, "stuck", saying: "then cancel pays back the rest", theatre)
            try await theatre.api.act("resume", on: id)
            try await until(id, item.isInCopy ? "waiting" : "stuck", theatre)
            try await theatre.api.act("cancel", on: id)
        case (.unfunded, _):
            try await until(id, "stuck", saying: "are for offering \(item.other.id)", theatre)
            try await theatre.api.act("cancel", on: id)
            try await until(id, "stuck", saying: "have it paid in and resume, or discard", theatre)
            try await theatre.api.act("discard", on: id)
        case (_, .cancelled):
            try await until(id, "waiting", theatre)
            try await theatre.api.act("cancel", on: id)
        case (_, .discarded):
            try await until(id, "waiting", theatre)
            try await theatre.api.act("discard", on: id)
        }
        switch item.after {
        case .forward, .forwardAfterAll: try await theatre.awaitEnd(of: item.offering, within: .seconds(120))
        case .cancelled, .discarded: try await until(id, "cancelled", theatre)
        }
        Console.say(item.words)
    }

    private func submit(_ offering: MadeUpOffering, _ theatre: Theatre) async throws {
        guard try await theatre.api.settle(offering) == 201 else { throw TheatreFailure("\(offering.id) is known") }
    }

    private func stand(_ item: UnderWayCase, _ standing: String, _ theatre: Theatre) async throws {
        try await theatre.order(.put, "custodian/accounts/\(item.blocked.token)/\(standing)")
    }

    private func until(_ id: String, _ status: String, saying words: String = "", _ theatre: Theatre) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let seen = try await theatre.api.detail(of: id)
            let (now, message) = (seen?["status"]?.stringValue, seen?["predicament"]?["message"]?.stringValue ?? "")
            if now == status, words.isEmpty || message.contains(words) { return }
            guard ContinuousClock.now < deadline, now != "completed" else {
                throw TheatreFailure("\(id) is \(now ?? "?"), not \(status) saying '\(words)': \(message)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
