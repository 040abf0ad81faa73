internal import SagaEngine

/// Sagas as the API and the commands show them.
enum SagaJSON {
    /// A saga's row.
    static func row(_ row: SagaRow) -> JSONValue {
        .fields(
            ("id", .string(row.id.rawValue)), ("flow", .string("\(row.flow)")),
            ("status", .string(row.standing.status.rawValue)), ("version", .count(row.sequence)),
            ("pivoted", .bool(row.standing.pivoted)), ("predicament", predicament(row).map(predicament)),
            ("exposures", exposures(row.standing.exposures)), ("parent", row.parent.map { .string($0.rawValue) }),
            ("stage", row.origin.map { .string($0.stage.rawValue) }),
            ("element", row.origin.map { .string($0.element.rawValue) }), ("wake_at", row.wakeAt.map(JSONValue.time)),
            ("open_children", .count(row.openChildren)), ("created_at", .time(row.createdAt)),
            ("updated_at", .time(row.updatedAt)), ("output", row.output.map(json)))
    }

    /// A saga with all that is known about it.
    ///
    /// - Parameters:
    ///   - snapshot: the saga.
    ///   - stuckChildren: the first of its descendants that need a person.
    ///   - troubles: the counterparties that do not answer, or whose callbacks are refused, as their list has them.
    /// - Returns: an object with all that is known.
    static func detail(
        _ snapshot: SagaSnapshot, stuckChildren: [SagaRow], troubles: [JSONValue] = []
    ) -> JSONValue {
        let stuck = (snapshot.census.counts[.stuck] ?? 0) - (snapshot.row.standing.status == .stuck ? 1 : 0)
        return row(snapshot.row).adding(
            ("stuck_below", .count(stuck)),
            ("stages", .array(snapshot.stages.map(stage))), ("census", census(snapshot.census)),
            ("conflicts", .array(snapshot.conflicts.map(NoticeJSON.notice))),
            ("troubles", .array(snapshot.row.standing.status.isTerminal ? [] : troubles)),
            ("actions", .array(ActionOffer.of(snapshot).map { .string($0) })),
            ("exclusion", snapshot.exclusion.map { .string($0) }),
            ("needs_second_person", .array(snapshot.needsTwo.map { .string($0) })),
            ("prints", .array(snapshot.prints.map(NoticeJSON.print))),
            ("stuck_children", .array(stuckChildren.map(row))), ("input", json(snapshot.row.input)))
    }

    /// How many sagas stand where, and what is at stake.
    static func census(_ census: SagaCensus) -> JSONValue {
        let counts = SagaStatus.allCases.compactMap { status in
            census.counts[status].map { JSONValue.Member(status.rawValue, .count($0)) }
        }
        return .fields(("counts", .object(counts)), ("exposures", exposures(census.exposures)))
    }

    /// Amounts at stake, in major units.
    static func exposures(_ exposures: [Exposure]) -> JSONValue {
        .array(
            exposures.map { .fields(("asset", .string($0.asset)), ("amount", .string(amount($0.amount, $0.decimals)))) }
        )
    }

    /// An amount in major units, with all its decimals.
    static func amount(_ amount: Int128, _ decimals: Int) -> String {
        let sign = amount < 0 ? "-" : ""
        let digits = String(amount.magnitude)
        guard decimals > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// What a row says its saga waits for or is stuck on; `nil` when nothing, or when it cannot be read.
    static func predicament(_ row: SagaRow) -> Predicament? {
        do {
            return try row.standing.readPredicament()
        } catch {
            return nil
        }
    }

    /// What a saga waits for or is stuck on.
    static func predicament(_ predicament: Predicament) -> JSONValue {
        .fields(
            ("cause", .string(predicament.cause.rawValue)), ("stage", .string(predicament.stage.rawValue)),
            ("message", .string(predicament.message)), ("since", .time(predicament.since)),
            ("until", predicament.until.map(JSONValue.time)), ("attempts", .count(predicament.attempts)),
            (
                "mismatches",
                .array(
                    predicament.mismatches.map {
                        .fields(
                            ("name", .string($0.name)), ("expected", .string($0.expected)),
                            ("actual", $0.actual.map { .string($0) }))
                    })
            ), ("notice", predicament.notice.map { .count($0) }),
            ("awaits", predicament.awaits.map { .string($0.rawValue) }))
    }

    /// A journal's entry.
    static func entry(_ entry: JournalEntry) -> JSONValue {
        .fields(
            ("sequence", .count(entry.sequence)), ("stage", .string(entry.stage.rawValue)),
            ("kind", .string("\(entry.kind)")), ("refusals", .count(entry.refusals)), ("at", .time(entry.at)),
            ("link", .string(entry.link.description)), ("body", json(entry.body)))
    }

    /// Bytes as the JSON that they are; else as text, one line of JSON after the other.
    static func json(_ bytes: [UInt8]) -> JSONValue {
        do {
            return try JSONValue.parse(bytes)
        } catch {
            return .string(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Facts as an object.
    static func facts(_ facts: Facts) -> JSONValue {
        .object(facts.pairs.map { .init($0.name, .string($0.value)) })
    }

    private static func stage(_ stage: StageSnapshot) -> JSONValue {
        .fields(
            ("name", .string(stage.name.rawValue)), ("progress", .string(stage.progress.rawValue)),
            ("key", stage.key.map { .string("\($0)") }),
            ("counterparty", stage.counterparty.map { .string($0.rawValue) }),
            ("reference", stage.reference.map { .string($0) }), ("receipt", stage.receipt.map { .string($0) }),
            ("failures", .count(stage.failures)), ("last_failure", stage.lastFailure.map { .string($0) }),
            ("last_failed_at", stage.lastFailedAt.map(JSONValue.time)),
            (
                "refusal",
                stage.refusal.map { .fields(("code", .string($0.code)), ("message", .string($0.message))) }
            ), ("facts", stage.facts.map(facts) ?? stage.request.flatMap(facts(of:))),
            ("resolution", stage.resolution.map(resolution)), ("children", stage.children.map { .count($0) }))
    }

    /// What a counterparty that has confirmed nothing was asked for: the texts in its request.
    static func facts(of request: [UInt8]) -> JSONValue? {
        guard let members = json(request).objectValue else { return nil }
        let names = ["reference", "operation"]
        let facts = members.filter { $0.value.stringValue != nil && !names.contains($0.name) }
        return facts.isEmpty ? nil : .object(facts)
    }

    /// How a person said that a stage ended; `word` is the counterparty's own.
    private static func resolution(_ resolved: StageSnapshot.Resolved) -> JSONValue {
        .fields(
            ("outcome", .string(resolved.outcome.rawValue)), ("actor", .string(resolved.actor)),
            ("word", resolved.word.map { .string($0.rawValue) }),
            ("counterparty", resolved.counterparty.map { .string($0.rawValue) }))
    }
}
