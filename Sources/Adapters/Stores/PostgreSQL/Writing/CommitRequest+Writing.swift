internal import SagaEngine

extension CommitRequest {
    /// The same under no lease, so that what needs one is fenced.
    var withoutLease: CommitRequest {
        CommitRequest(batch: batch, lease: nil, outlived: lease, reads: reads, finish: finish)
    }

    /// The same with what its records read, which their handlers are asked for once: they have to read the records.
    func reading(by handlers: [String: any RecordHandler]) -> CommitRequest {
        var known = self
        for case .append(let append) in batch {
            for caused in append.records {
                for (space, key) in handlers[caused.record.kind]?.reads(caused.record) ?? [] {
                    known.reads.append(ValuePlace(space: ByteText(space), key: ByteText(key)))
                }
            }
        }
        return known
    }

    /// The flows that claims in the batch ask for.
    var claimedFlows: [FlowID] {
        batch.flatMap { operation in
            if case .claim(let request) = operation { request.flows } else { [FlowID]() }
        }
    }
}

extension StoreOperation {
    /// Whether it is one of those that go on all the time, and whose rows are known beforehand.
    var isPlain: Bool {
        switch self {
        case .append(let append):
            if case .claim = append.right { true } else { false }
        case .notice, .claim: true
        case .submit, .assign, .lease, .release, .print, .reincarnate: false
        }
    }
}
