internal import SagaEngine

/// Rules about effects: the counterparties' word against our journals.
extension Checker {
    func oneEffect() -> [Violation] {
        var counts: [Address: Int] = [:]
        for fact in world.facts where fact.effect != nil { counts[fact.address, default: 0] += 1 }
        var violations: [Violation] = []
        for (address, count) in counts.sorted(by: { $0.key.reference < $1.key.reference }) where count > 1 {
            violations.append(
                Violation("I2", "\(address.party) has carried \(address.reference) out \(count) times"))
        }
        for (saga, order) in orders {
            guard let fold = folds[saga], fold.outcome != nil, order.refusal == nil, !fold.has("exclude") else {
                continue
            }
            if counts[Address(party: order.party, reference: order.reference)] == nil {
                violations.append(
                    Violation("I2", "\(saga) has ended, but \(order.party) never carried \(order.stage) out"))
            }
        }
        return violations
    }

    func keyPurity() -> [Violation] {
        var violations = faults("I3")
        var owners: [Address: String] = [:]
        for (saga, order) in orders {
            let key = "\(saga)/\(order.stage)#\(order.refusals)"
            let address = Address(party: order.party, reference: order.reference)
            if let other = owners.updateValue(key, forKey: address), other != key {
                violations.append(Violation("I3", "\(other) and \(key) share the reference \(order.reference)"))
            }
        }
        let known = orderOf
        for call in world.calls where call.verb == .deliver {
            let address = Address(party: call.party.rawValue, reference: call.reference)
            if let (saga, order) = known[address], order.wire != call.body {
                violations.append(
                    Violation("I3", "call \(call.number) sent other bytes for \(saga)/\(order.stage) than its intent"))
            }
        }
        for fact in world.facts {
            guard case .accepted(let operation, let facts) = fact.kind, let (saga, order) = known[fact.address] else {
                continue
            }
            if !Self.says(order.wire, operation, facts) {
                violations.append(
                    Violation("I3", "\(fact.party) took \(saga)/\(order.stage) in as something else: \(operation)"))
            }
        }
        return violations
    }

    func intentBeforeEffect() -> [Violation] {
        let known = orderOf
        var violations: [Violation] = []
        for fact in world.facts {
            switch fact.kind {
            case .accepted, .effect:
                guard let (saga, order) = known[fact.address] else {
                    violations.append(
                        Violation("I4", "\(fact.party) has \(fact.reference), which no journal intends"))
                    continue
                }
                if let at = fact.at, at < order.at {
                    violations.append(
                        Violation("I4", "\(fact.party) had \(saga)/\(order.stage) before it was intended"))
                }
            case .refused, .notice: continue
            }
        }
        for call in world.calls where call.verb == .deliver && !call.wasIntended {
            violations.append(
                Violation("I4", "call \(call.number) sent \(call.reference) before its intent was durable"))
        }
        return violations
    }

    func unknownIsNotFailed() -> [Violation] {
        var refused: Set<Address> = []
        for fact in world.facts where fact.isRefusal { refused.insert(fact.address) }
        var violations: [Violation] = []
        for (saga, order) in orders where order.refusal != nil {
            if !refused.contains(Address(party: order.party, reference: order.reference)) {
                violations.append(
                    Violation(
                        "I9", "\(saga)/\(order.stage)#\(order.refusals) counts as refused, but \(order.party) never did"
                    ))
            }
        }
        violations += compensated()
        for saga in world.sagas where saga.row.standing.status == .cancelled {
            guard let fold = folds[saga.row.id], saga.row.parent == nil else { continue }
            if !fold.has("cancel"), !fold.has("discard") {
                violations.append(Violation("I9", "\(saga.row.id) was called off by nobody"))
            }
        }
        return violations
    }

    /// What was put back although it had been carried out.
    private func compensated() -> [Violation] {
        let effects = Set(world.facts.filter { $0.effect != nil }.map(\.address))
        return world.sagas.flatMap { saga -> [Violation] in
            guard let fold = folds[saga.row.id] else { return [] }
            return world.compensations.compactMap { rule in
                guard rule.flow == saga.row.flow.name, fold.current(rule.compensation) != nil,
                    let order = fold.orders.first(where: {
                        $0.stage == rule.stage && effects.contains(Address(party: $0.party, reference: $0.reference))
                    })
                else { return nil }
                return Violation(
                    "I9", "\(saga.row.id): \(rule.compensation) puts back what \(order.party) has carried out")
            }
        }
    }

    func askFirst() -> [Violation] {
        var violations: [Violation] = []
        for calls in Dictionary(grouping: world.calls, by: { "\($0.party) \($0.reference)" }).values {
            for call in calls where call.verb == .deliver {
                // What left while this one's process was frozen, its lease already checked, it could not know of.
                guard let earlier = calls.last(where: { $0.verb == .deliver && $0.number <= call.decidedAfter }) else {
                    continue
                }
                let hasAsked = calls.contains {
                    $0.verb == .find && $0.caller == call.caller && earlier.number < $0.number
                        && $0.number <= call.decidedAfter
                }
                if !hasAsked {
                    violations.append(
                        Violation("L1", "call \(call.number) sent \(call.reference) again without asking first"))
                }
            }
        }
        return violations
    }

    /// Whether a request's bytes say this operation and these facts.
    private static func says(_ wire: [UInt8], _ operation: String, _ facts: Facts) -> Bool {
        do throws(CodecError) {
            let value = try JSONValue.parse(wire)
            return value["operation"]?.stringValue == operation
                && facts.pairs.allSatisfy { value[$0.name]?.stringValue == $0.value }
        } catch {
            return false
        }
    }
}
