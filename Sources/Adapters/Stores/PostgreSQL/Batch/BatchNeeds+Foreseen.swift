internal import SagaEngine

extension BatchNeeds {
    /// What can be told from the operations alone and is not known, so that most batches are decided after one round
    /// trip, or without one.
    init(
        foreseenIn requests: [CommitRequest], names: [ByteText: Int64], spareNumbers: Int, known: BatchFacts
    ) {
        var numbers = 0
        for request in requests {
            if let lease = request.lease, known.leases[lease.epoch] == nil { leases.insert(lease.epoch) }
            for place in request.reads {
                guard let key = BookKey(place, names), known.values[key] == nil else { continue }
                values.insert(key)
            }
            for operation in request.batch {
                switch operation {
                case .submit(let new):
                    started.insert(new.id)
                    numbers += 1
                case .append(let append):
                    foresee(append, names, known)
                    numbers += append.spawn?.children.count ?? 0
                case .notice(let new): foresee(new, names, known)
                case .assign(let assignment):
                    notices.insert(assignment.number)
                    if let saga = assignment.saga { started.insert(saga) }
                case .lease(let request): runners.insert(ByteText(request.runner.rawValue))
                case .release(let runner): runners.insert(ByteText(runner.rawValue))
                case .claim, .print, .reincarnate: break
                }
            }
        }
        sagaNumbers = max(0, numbers - spareNumbers)
    }

    private mutating func foresee(_ append: Append, _ names: [ByteText: Int64], _ known: BatchFacts) {
        if known.sagas[append.saga] == nil { sagas.insert(append.saga) }
        if case .sleep(let wake) = append.disposition {
            if wake.onNotice, known.fresh[append.saga] == nil { fresh.insert(append.saga) }
            if wake.onChildren { ended.insert(append.saga) }
        }
        for expectation in append.expectations {
            guard let source = names[ByteText(expectation.source.rawValue)] else { continue }
            let point = MeetingPoint(source: source, reference: ByteText(expectation.reference))
            if known.expected[point] == nil { points.insert(point) }
            if known.orphans[point] == nil, (known.expected[point] ?? nil) == nil { orphans.insert(point) }
        }
        for child in append.spawn?.children ?? [] { started.insert(child.saga.id) }
    }

    private mutating func foresee(_ new: NewNotice, _ names: [ByteText: Int64], _ known: BatchFacts) {
        guard let source = names[ByteText(new.notice.source.rawValue)] else { return }
        let identity = NoticeIdentity(source: source, id: ByteText(new.notice.id))
        // One of which this is known is known with all that it depends on.
        guard known.bodies[identity] == nil else { return }
        bodies.insert(identity)
        guard new.quarantine == nil else {
            quarantined.insert(source)
            return
        }
        let point = MeetingPoint(source: source, reference: ByteText(new.notice.claim.reference))
        points.insert(point)
        owners.insert(point)
    }
}

extension [CommitRequest] {
    /// Every name that the operations are known to write, stages and sources, and that has no number yet.
    func names(besides known: [ByteText: Int64]) -> Set<ByteText> {
        var names: Set<ByteText> = []
        func note(_ name: String) {
            let name = ByteText(name)
            if known[name] == nil { names.insert(name) }
        }
        for request in self {
            for operation in request.batch {
                switch operation {
                case .append(let append):
                    for entry in append.entries { note(entry.stage.rawValue) }
                    for caused in append.records { note(caused.cause.stage.rawValue) }
                    for expectation in append.expectations {
                        note(expectation.source.rawValue)
                        note(expectation.key.stage.rawValue)
                    }
                    if let spawn = append.spawn { note(spawn.stage.rawValue) }
                case .notice(let new): note(new.notice.source.rawValue)
                case .submit, .assign, .claim, .lease, .release, .print, .reincarnate: break
                }
            }
        }
        return names
    }

    /// Every flow that the operations start sagas of.
    var flows: Set<FlowID> {
        var flows: Set<FlowID> = []
        for request in self {
            for operation in request.batch {
                switch operation {
                case .submit(let new): flows.insert(new.flow)
                case .append(let append): for child in append.spawn?.children ?? [] { flows.insert(child.saga.flow) }
                case .notice, .assign, .claim, .lease, .release, .print, .reincarnate: break
                }
            }
        }
        return flows
    }

    /// Whether any of them writes an expectation, which a notice may be looking for at this moment.
    var writeExpectations: Bool {
        contains { request in
            request.batch.contains { operation in
                if case .append(let append) = operation { !append.expectations.isEmpty } else { false }
            }
        }
    }

    /// Whether any of them claims sagas.
    var claim: Bool {
        contains { request in
            request.batch.contains { operation in
                if case .claim = operation { true } else { false }
            }
        }
    }
}
