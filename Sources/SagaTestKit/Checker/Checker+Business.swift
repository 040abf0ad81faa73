internal import SagaEngine

/// Rules about money and units.
extension Checker {
    func conservation() -> [Violation] {
        var violations: [Violation] = []
        var balances: [String: Int128] = [:]
        var sets: [String: Int] = [:]
        for posting in world.postings {
            sets["\(posting.saga)/\(posting.stage)", default: 0] += 1
            var sums: [String: Int128] = [:]
            for line in posting.lines {
                sums[line.asset, default: 0] += line.amount
                balances["\(line.account) \(line.asset)", default: 0] += line.amount
                if line.account.hasPrefix("escrow:"), balances["\(line.account) \(line.asset)", default: 0] < 0 {
                    violations.append(Violation("I1", "\(line.account) goes below zero at \(posting.saga)"))
                }
            }
            for (asset, sum) in sums where sum != 0 {
                violations.append(Violation("I1", "\(posting.saga)/\(posting.stage) posts \(sum) \(asset) too many"))
            }
        }
        var posted: Set<String> = []
        for saga in world.sagas {
            for entry in saga.journal where entry.kind == .posted {
                let place = "\(saga.row.id)/\(entry.stage)"
                posted.insert(place)
                if sets[place] != 1 {
                    violations.append(Violation("I1", "\(place) is posted \(sets[place] ?? 0) times in the books"))
                }
            }
        }
        for place in sets.keys.sorted() where !posted.contains(place) {
            violations.append(Violation("I1", "the books have \(place), which no journal has posted"))
        }
        return violations
    }

    func approvalBeforeRecord() -> [Violation] {
        var violations: [Violation] = []
        let effects = Dictionary(
            world.facts.filter { $0.effect != nil }.map { ($0.address, $0) }
        ) { first, _ in first }
        for saga in world.sagas {
            guard let fold = folds[saga.row.id] else { continue }
            for rule in world.approvals where rule.flow == saga.row.flow.name {
                let evidence = saga.journal.first { $0.stage == rule.evidence && $0.kind == .notice }?.sequence ?? .max
                for entry in saga.journal where rule.dependents.contains(entry.stage) && entry.sequence < evidence {
                    violations.append(
                        Violation("I5", "\(saga.row.id): \(entry.stage) comes before the notice at \(rule.evidence)"))
                }
            }
            for use in fold.used {
                guard let order = fold.orders.last(where: { $0.stage == use.order && $0.place < use.entry.sequence })
                else { continue }
                let effect = effects[Address(party: order.party, reference: order.reference)]
                if effect == nil || effect?.at.map({ $0 > use.entry.at }) == true {
                    violations.append(
                        Violation("I5", "\(saga.row.id): \(use.order) is approved, but \(order.party) did not do it"))
                }
                let asked = effect?.effect?.facts.pairs ?? []
                for fact in asked {
                    guard let said = use.facts.first(where: { $0.0 == fact.name })?.1, said != fact.value else {
                        continue
                    }
                    violations.append(
                        Violation(
                            "I5",
                            "\(saga.row.id): \(use.order) asked for \(fact.name) \(fact.value), approved is \(said)"))
                }
            }
        }
        return violations
    }

    /// What the counterparties say about one offering.
    private struct Tally {
        var refunded: [String: Int128] = [:]
        var transferred: [String: Int128] = [:]
        var delivered: [String: Int128] = [:]
        var minted: Int128 = 0
        var mintPlace: Int?
        var lastTransferPlace = 0
        var strays: [String] = []
    }

    private func tally(_ offering: CheckedOffering) -> Tally {
        var tally = Tally()
        let escrows = Set(offering.lines.map(\.escrow))
        for (place, fact) in world.facts.enumerated() {
            guard let (_, operation, facts) = fact.effect, let amount = Self.amount(facts["amount"]) else { continue }
            let from = facts["from"] ?? ""
            switch operation {
            case "refund" where escrows.contains(from), "payment" where escrows.contains(from):
                tally.refunded[from, default: 0] += amount
            case "transfer" where escrows.contains(from):
                tally.transferred[from, default: 0] += amount
                tally.lastTransferPlace = place
                if facts["to"] != offering.issuer {
                    tally.strays.append("\(from) was transferred to \(facts["to"] ?? "?")")
                }
            case "mint" where facts["to"] == offering.treasury:
                tally.minted += amount
                tally.mintPlace = place
            case "deliver" where from == offering.treasury: tally.delivered[facts["to"] ?? "?", default: 0] += amount
            default: continue
            }
        }
        return tally
    }

    func mintLast() -> [Violation] {
        var violations: [Violation] = []
        for offering in world.offerings {
            let tally = tally(offering)
            guard let mint = tally.mintPlace else { continue }
            if tally.lastTransferPlace > mint {
                violations.append(Violation("I6", "\(offering.saga): money still came after the mint"))
            }
            for line in offering.lines {
                let transferred = tally.transferred[line.escrow] ?? 0
                let refunded = tally.refunded[line.escrow] ?? 0
                if transferred + refunded != Self.scaled(line.paid) {
                    violations.append(
                        Violation(
                            "I6", "\(offering.saga): minted although \(line.escrow) is neither funded nor refunded"))
                }
            }
        }
        return violations
    }

    func amounts() -> [Violation] {
        var violations: [Violation] = []
        for offering in world.offerings {
            let tally = tally(offering)
            violations += tally.strays.map { Violation("I7", "\(offering.saga): \($0)") }
            var allotted: Int128 = 0
            for line in offering.lines {
                let (paid, payable) = (Self.scaled(line.paid), Self.scaled(line.payable))
                let refunded = tally.refunded[line.escrow] ?? 0
                let transferred = tally.transferred[line.escrow] ?? 0
                let delivered = tally.delivered[line.token] ?? 0
                if refunded + transferred > paid {
                    violations.append(Violation("I7", "\(line.escrow) paid out more than was paid in"))
                }
                if transferred != 0, transferred != payable || refunded > paid - payable {
                    violations.append(Violation("I7", "\(line.escrow): transferred or refunded in another amount"))
                }
                if delivered != 0, delivered != line.units * Self.unitScale || transferred != payable {
                    violations.append(Violation("I7", "\(line.token) was delivered other units than allotted"))
                }
                if transferred == payable { allotted += line.units * Self.unitScale }
            }
            if tally.minted != 0, tally.minted != allotted {
                violations.append(
                    Violation("I7", "\(offering.saga): \(tally.minted) minted, but \(allotted) allotted and funded"))
            }
        }
        return violations
    }

    func whole() -> [Violation] {
        world.offerings.flatMap { offering -> [Violation] in
            guard let status = rowOf[offering.saga]?.standing.status else { return [] }
            let tally = tally(offering)
            switch status {
            case .completed: return completed(offering, tally)
            case .cancelled where folds[offering.saga]?.has("discard") ?? false:
                return offering.lines.filter { isTouched($0, tally) }.map {
                    Violation("I10", "\(offering.saga) is discarded, but \($0.escrow) was touched")
                }
            case .cancelled:
                return offering.lines.filter { !isRefunded($0, tally) }.map {
                    Violation("I10", "\(offering.saga) is cancelled, but \($0.escrow) is not refunded")
                }
            case .closed, .pending, .running, .waiting, .compensating, .stuck: return []
            }
        }
    }

    /// Every line settled, held or taken out, and as many units made as are with the investors or held for them.
    private func completed(_ offering: CheckedOffering, _ tally: Tally) -> [Violation] {
        var violations: [Violation] = []
        var made: Int128 = 0
        for line in offering.lines {
            let isFunded =
                tally.transferred[line.escrow] ?? 0 == Self.scaled(line.payable)
                && tally.refunded[line.escrow] ?? 0 == Self.scaled(line.paid - line.payable)
            let delivered = tally.delivered[line.token] ?? 0
            let isHeld = delivered == 0 && folds[line.distribution]?.has("exclude") ?? false
            if isFunded, delivered == line.units * Self.unitScale || isHeld {
                made += line.units * Self.unitScale
            } else if !isRefunded(line, tally) || !(folds[line.funding]?.has("exclude") ?? false) {
                violations.append(Violation("I10", "\(offering.saga) is completed, but \(line.escrow) is not whole"))
            }
        }
        if tally.minted != made {
            violations.append(
                Violation("I7", "\(offering.saga): \(tally.minted) minted, but \(made) delivered and held"))
        }
        return violations
    }

    private func isTouched(_ line: CheckedLine, _ tally: Tally) -> Bool {
        tally.refunded[line.escrow] != nil || tally.transferred[line.escrow] != nil
            || tally.delivered[line.token] != nil
    }

    private func isRefunded(_ line: CheckedLine, _ tally: Tally) -> Bool {
        tally.refunded[line.escrow] ?? 0 == Self.scaled(line.paid) && tally.transferred[line.escrow] == nil
            && tally.delivered[line.token] == nil
    }

    private static let unitScale: Int128 = 10_000

    /// Minor units in the scale of ``amount(_:)``.
    private static func scaled(_ minor: Int128) -> Int128 { minor * 100 }

    /// A decimal text in ten-thousandths; `nil` when it is none.
    private static func amount(_ text: String?) -> Int128? {
        guard let parts = text?.split(separator: ".", omittingEmptySubsequences: false), parts.count <= 2,
            let whole = Int128(parts[0])
        else { return nil }
        guard parts.count == 2 else { return whole * unitScale }
        guard parts[1].count <= 4, let fraction = Int128(parts[1] + String(repeating: "0", count: 4 - parts[1].count))
        else { return nil }
        return whole * unitScale + fraction
    }
}
