internal import SagaEngine

/// Rules about journals, rows and notices.
extension Checker {
    func transitions() -> [Violation] { faults("I8") }

    func gapFree() -> [Violation] {
        world.sagas.compactMap { saga in
            let numbers = saga.journal.map(\.sequence)
            return numbers == Array(1..<(numbers.count + 1))
                ? nil : Violation("I12", "\(saga.row.id): the sequence has a gap or a repetition: \(numbers)")
        }
    }

    func foldIsState() -> [Violation] {
        var violations = faults("I14")
        for saga in world.sagas {
            guard let fold = folds[saga.row.id] else { continue }
            func differs(_ what: String, _ stored: String, _ folded: String) {
                guard stored != folded else { return }
                violations.append(
                    Violation("I14", "\(saga.row.id): \(what) is \(stored), but the journal says \(folded)"))
            }
            let row = saga.row
            differs("sequence", "\(row.sequence)", "\(saga.journal.last?.sequence ?? 0)")
            differs("pivot", "\(row.standing.pivoted)", "\(fold.isPivoted)")
            differs("end", "\(row.standing.status.isTerminal)", "\(fold.outcome != nil)")
            if row.standing.exposures != fold.exposures {
                differs("exposure", "\(row.standing.exposures)", "\(fold.exposures)")
            }
            differs(
                "output", row.output.map { String(decoding: $0, as: UTF8.self) } ?? "-", fold.outcome?.output ?? "-")
            if let outcome = fold.outcome {
                differs("status", row.standing.status.rawValue, outcome.status)
            } else if row.standing.status == .stuck || row.standing.status == .waiting {
                differs("stuck", "\(row.standing.status == .stuck)", "\(fold.isStuck)")
            }
        }
        return violations
    }

    func chainLinks() -> [Violation] {
        var violations: [Violation] = []
        for saga in world.sagas {
            var link = digest.sha256(
                Array("saga-runner/1\n\(saga.row.id)\n\(saga.row.flow.name)@\(saga.row.flow.version)\n".utf8)
                    + saga.row.input)
            for entry in saga.journal {
                var bytes = link
                for number in [UInt64(entry.sequence), UInt64(entry.refusals)] { bytes += Self.bigEndian(number) }
                bytes.append(entry.kind.rawValue)
                bytes += Self.bigEndian(UInt64(bitPattern: entry.at.milliseconds))
                bytes += Array(entry.stage.rawValue.utf8) + [0] + entry.body
                link = digest.sha256(bytes)
                if link != entry.link.bytes {
                    violations.append(Violation("I15", "\(saga.row.id): the link of entry \(entry.sequence) is wrong"))
                    break
                }
            }
            if let last = saga.journal.last, last.link != saga.row.head {
                violations.append(Violation("I15", "\(saga.row.id): the row's head is not the journal's last link"))
            }
        }
        return violations
    }

    func nothingLost() -> [Violation] {
        var violations: [Violation] = []
        let rows = Dictionary(world.sagas.map { ($0.row.id, $0.row) }) { first, _ in first }
        for id in world.submitted where rows[id] == nil {
            violations.append(Violation("I11", "\(id) was acknowledged and is gone"))
        }
        for saga in world.sagas {
            let row = saga.row
            if !row.hasSettled {
                violations.append(
                    Violation(
                        "I11",
                        "\(row.id) is neither ended nor stuck: \(row.standing.status), children open "
                            + "\(row.openChildren), \(String(decoding: row.standing.predicament, as: UTF8.self))"))
            }
            if row.standing.status == .stuck, row.standing.predicament.isEmpty {
                violations.append(Violation("I11", "\(row.id) is stuck without a reason"))
            }
        }
        return violations
    }

    func callbacks() -> [Violation] {
        var violations = faults("I13")
        let stored = Dictionary(grouping: world.notices) {
            Simulation.NoticeStamp(source: $0.notice.source, id: $0.notice.id)
        }
        for (stamp, notices) in stored {
            let genuine = notices.filter { $0.standing != .conflicting }
            if genuine.count > 1 {
                violations.append(Violation("I13", "notice \(stamp.id) is stored \(genuine.count) times"))
            }
        }
        for stamp in Set(world.acknowledged) where stored[stamp] == nil {
            violations.append(Violation("I13", "notice \(stamp.id) was acknowledged and is gone"))
        }
        var told: Set<String> = []
        for fact in world.facts {
            if case .notice(let id) = fact.kind { told.insert("\(fact.party) \(id)") }
        }
        for notice in world.notices where !told.contains("\(notice.notice.source) \(notice.notice.id)") {
            violations.append(Violation("I13", "notice \(notice.notice.id) was never sent by \(notice.notice.source)"))
        }
        let known = orderOf
        for notice in world.notices where notice.standing == .orphan {
            let address = Address(party: notice.notice.source.rawValue, reference: notice.notice.claim.reference)
            if let (saga, order) = known[address] {
                violations.append(
                    Violation("I13", "notice \(notice.notice.id) about \(saga)/\(order.stage) lies about as an orphan"))
            }
        }
        return violations + usedNotices()
    }

    private func usedNotices() -> [Violation] {
        var violations: [Violation] = []
        let byNumber = Dictionary(world.notices.map { ($0.number, $0) }) { first, _ in first }
        var users: [Int64: SagaID] = [:]
        for saga in world.sagas {
            for use in folds[saga.row.id]?.used ?? [] {
                if let other = users.updateValue(saga.row.id, forKey: use.notice) {
                    violations.append(Violation("I13", "notice \(use.notice) proves both \(other) and \(saga.row.id)"))
                }
                if byNumber[use.notice]?.standing != .consumed {
                    violations.append(
                        Violation("I13", "notice \(use.notice) proves \(saga.row.id) but is not consumed"))
                }
            }
        }
        return violations
    }

    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }
}
