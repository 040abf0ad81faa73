internal import SagaEngine

/// One saga for somebody who has just been woken up: what is wrong, what is at stake, what to type.
struct ShowReport {
    let saga: JSONValue
    let ink: Ink
    let moments: Moments

    var text: String {
        var parts = [head]
        if let predicament = saga["predicament"], !predicament.isNull {
            parts.append(
                PredicamentWords(predicament: predicament, isStuck: isStuck, ink: ink, moments: moments).lines)
        }
        parts.append(troubles)
        parts.append(conflicts)
        parts.append(exposure)
        parts.append(rail)
        parts.append(family)
        parts.append(result)
        parts.append(deeds)
        parts.append(actions)
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var id: String { saga.text("id") }

    /// What persons did, as far as the saga's own answer has it.
    private var deeds: [String] {
        let prints = saga.list("prints")
        guard !prints.isEmpty else { return [] }
        let lines = PrintLines(prints: prints, saga: id, ink: ink, moments: moments).lines.map { "  " + $0 }
        let more = prints.count == SagaSnapshot.printLimit
        return [ink.bold("What persons did, the newest first")] + lines
            + (more ? ["  and perhaps more: saga-runner prints \(id.shellQuoted) has all of them"] : [])
    }
    private var isStuck: Bool { saga.text("status") == SagaStatus.stuck.rawValue }
    private var words: StatusWords { StatusWords(ink: ink) }

    private var head: [String] {
        var lines = ["\(ink.bold(id))  \(words.status(saga.text("status")))"]
        switch StatusWords.ending(saga) {
        case "discarded"?: lines.append("discarded: it ended before anything moved, and nothing was put back")
        case "called off"?: lines.append("called off: what had been paid in was paid back")
        case _: break
        }
        var about = "\(saga.text("flow")), version \(saga.integer("version"))"
        if saga["pivoted"]?.boolValue == true { about += ", past its point of no return" }
        lines.append(about)
        lines.append(
            "started \(Moments.plain(saga.text("created_at"))), last change \(moments.full(saga.text("updated_at")))")
        if let parent = saga["parent"]?.shown { lines.append("part of \(parent)") }
        return lines
    }

    /// The counterparties that do not answer, or whose callbacks are not believed, while the saga is under way.
    private var troubles: [String] {
        let parties = saga.list("troubles")
        guard !parties.isEmpty else { return [] }
        let report = CounterpartyReport(ink: ink, moments: moments)
        return [ink.bold("Counterparties in trouble")] + parties.flatMap { report.troubles($0) }.map { "  " + $0 }
    }

    /// What its counterparties said against what was taken before.
    private var conflicts: [String] {
        let notices = saga.list("conflicts")
        guard !notices.isEmpty else { return [] }
        return [ink.red(ink.bold("Contradicted"))]
            + notices.flatMap { notice in
                let number = notice.integer("number")
                var lines = [
                    "  notice \(number) of the \(notice.text("source")) says \(NoticeReport.verdict(notice)) about "
                        + notice.text("reference")
                ]
                let facts = Self.facts(notice)
                if !facts.isEmpty { lines.append("  " + facts) }
                lines.append(
                    "  nothing is undone; clear it up with the \(notice.text("source")): "
                        + "saga-runner notices show \(number)")
                if notice["refusal"]?.isNull ?? true {
                    lines.append("  if that was refused, no action pays it again, or back, until this puts it aside:")
                    lines.append("  saga-runner notices bind \(number) --reason TEXT")
                }
                return lines
            }
    }

    private var exposure: [String] {
        let all = saga["census"]?.list("exposures") ?? saga.list("exposures")
        let title = "Money exposed: asked for and not yet proved"
        guard !all.isEmpty else { return ["\(ink.bold("Money exposed"))  nothing"] }
        guard members > 1 else { return [ink.bold(title)] + all.map { "  " + StatusWords.exposures([$0]) } }
        return [
            ink.bold(title), "  with its children  " + StatusWords.exposures(all),
            "  its own            " + StatusWords.exposures(saga.list("exposures")),
        ]
    }

    /// How many sagas it and its descendants are.
    private var members: Int64 {
        (saga["census"]?["counts"]?.objectValue ?? []).reduce(0) { $0 + ($1.value.integerValue ?? 0) }
    }

    private var rail: [String] {
        let stages = saga.list("stages")
        guard !stages.isEmpty else { return [] }
        let width = stages.map { $0.text("name").count }.max() ?? 0
        let here = saga["predicament"]?.text("stage")
        return [ink.bold("Stages")]
            + stages.flatMap { stage in
                let isHere = stage.text("name") == here
                let mark = words.mark(stage.text("progress"), isHere: isHere, isStuck: isStuck)
                let name = stage.text("name").padded(to: width)
                var lines = ["  \(mark) \(isHere ? ink.bold(name) : name)  \(self.about(stage))".withoutEnd]
                lines += details(of: stage).map { "    " + String(repeating: " ", count: width) + "  " + ink.dim($0) }
                return lines
            }
    }

    private func about(_ stage: JSONValue) -> String {
        var words: [String] = []
        if stage.text("progress") == StageSnapshot.Progress.accepted.rawValue {
            words.append("accepted, proof to come")
        }
        if stage.text("progress") == StageSnapshot.Progress.notTaken.rawValue { words.append("not taken") }
        if let party = stage["counterparty"]?.shown { words.append("by the \(party)") }
        if let children = stage["children"]?.integerValue {
            words.append(children == 1 ? "1 child" : "\(children) children")
        }
        if stage.integer("failures") > 0 {
            let at = stage["last_failed_at"]?.shown.map { ", \(moments.full($0))" } ?? ""
            let last = stage["last_failure"]?.shown.map { ", the last one \($0)\(at)" } ?? ""
            let failures = stage.integer("failures")
            words.append("\(failures) failed \(failures == 1 ? "attempt" : "attempts")\(last)")
        }
        if let refusal = stage["refusal"], !refusal.isNull {
            words.append("refused: \(refusal.text("code")) \(refusal.text("message"))".withoutEnd)
        }
        return words.joined(separator: ", ")
    }

    /// Keys and references are long, so they stand below the stage they belong to.
    private func details(of stage: JSONValue) -> [String] {
        var lines: [String] = []
        if let key = stage["key"]?.shown { lines.append("key \(key)") }
        if let reference = stage["reference"]?.shown {
            lines.append("reference \(reference)" + (stage["receipt"]?.shown.map { ", receipt \($0)" } ?? ""))
        }
        let facts = Self.facts(stage)
        if !facts.isEmpty { lines.append(facts) }
        if let resolution = stage["resolution"], !resolution.isNull { lines.append(Self.words(resolution)) }
        return lines
    }

    /// What a stage or a notice states, in one line.
    private static func facts(_ stated: JSONValue) -> String {
        (stated["facts"]?.objectValue ?? []).map {
            "\($0.name) \($0.value.shown ?? PlainText.escaping($0.value.text()))"
        }.joined(separator: ", ")
    }

    /// What a person asked for, and what the counterparty says to it.
    private static func words(_ resolution: JSONValue) -> String {
        let asked = resolution.text("outcome")
        let words = "resolved as \(asked) by \(resolution.text("actor"))"
        guard let word = resolution["word"]?.shown else { return words }
        let party = resolution["counterparty"]?.shown ?? "counterparty"
        return words + (word == asked ? "; confirmed by \(party)" : "; overruled by \(party): \(word)")
    }

    private var family: [String] {
        let counts = saga["census"]?["counts"]?.objectValue ?? []
        guard members > 1 else { return [] }
        let order = SagaStatus.allCases.map(\.rawValue)
        let parts = order.compactMap { status in
            let count = counts.first { $0.name == status }?.value.integerValue ?? 0
            return count == 0 ? nil : "\(count) \(words.status(status))"
        }
        var lines = [ink.bold("Children") + "  itself included: " + parts.joined(separator: ", ")]
        let waiting = below(.waiting, counts)
        if waiting > 0 {
            let terms = "under=\(id) and status=\(SagaStatus.waiting.rawValue)".shellQuoted
            lines.append("  \(waiting) \(waiting == 1 ? "waits" : "wait"): saga-runner list --where \(terms)")
        }
        let stuck = saga.list("stuck_children")
        for child in stuck {
            lines.append("  \(words.status(child.text("status")))  \(child.text("id"))  \(why(child))")
            lines.append("         saga-runner show \(child.text("id").shellQuoted)")
        }
        let total = below(.stuck, counts)
        if total > Int64(stuck.count) {
            lines.append(
                "  and \(total - Int64(stuck.count)) more: saga-runner list --status stuck --where under=\(id)")
        }
        return lines
    }

    /// How many of its descendants have a status.
    private func below(_ status: SagaStatus, _ counts: [JSONValue.Member]) -> Int64 {
        let all = counts.first { $0.name == status.rawValue }?.value.integerValue ?? 0
        return all - (saga.text("status") == status.rawValue ? 1 : 0)
    }

    private func why(_ child: JSONValue) -> String {
        guard let predicament = child["predicament"], !predicament.isNull else { return "" }
        return PredicamentWords.line(predicament)
    }

    private var result: [String] {
        guard let output = saga["output"], !output.isNull else { return [] }
        return [ink.bold("Result")] + OutputWords(output: output).lines.map { "  " + $0 }
    }

    private var actions: [String] {
        let lines = ActionLines(saga: saga).lines
        return lines.isEmpty ? [] : [ink.bold("What you can do")] + lines.map { "  " + $0 }
    }
}

extension String {
    /// The text without spaces at its end.
    var withoutEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The text as one word of a shell's command line.
    var shellQuoted: String {
        let isPlain =
            !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._/~:=@%+,".contains($0)) }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}
