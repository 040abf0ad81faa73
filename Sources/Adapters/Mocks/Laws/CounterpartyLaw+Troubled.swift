internal import SagaEngine

/// What holds when something goes wrong: nothing is called refused that is not, and asking ends in one effect.
extension CounterpartyLaw {
    static func troubled(by kind: FaultKind) -> [CounterpartyLaw] {
        switch kind {
        case .slow, .errorBefore, .errorAfter, .cut, .appliedLate, .rateLimited, .malformed, .oversized:
            [delivery(kind)] + (kind.verbs.contains(.find) ? [finding(kind)] : [])
                + (kind.verbs.contains(.list) ? [reading(kind)] : [])
        case .noticeEarly, .noticeDoubled, .noticeRepeated, .noticeReordered, .noticeChunked, .noticeLate,
            .noticeForged:
            [notice(kind)]
        case .noticeLost: [lostNotice]
        case .noticeWrongAmount: [wrongAmount]
        case .refusedLater, .listingLags: []
        }
    }

    private static func delivery(_ kind: FaultKind) -> CounterpartyLaw {
        CounterpartyLaw("a delivery struck by \(kind.rawValue) ends as it must, and asking leads to one effect") {
            trial in
            await trial.bench.arm([FaultRule(kind, at: [.deliver], delay: .milliseconds(20))])
            let request = try trial.request()
            let first = await trial.party.deliver(request)
            switch first {
            case .receipt: try trial.expect(kind == .slow, "\(first)")
            case .refused: throw trial.broken("\(first)")
            case .notDelivered(let failure, _):
                try trial.expect(kind == .rateLimited && failure.retryAfter != nil, "\(first)")
                let finding = await trial.party.find(request)
                guard case .absent = finding else { throw trial.broken("not delivered, and yet: \(finding)") }
            case .unknown: try trial.expect(kind != .slow && kind != .rateLimited, "\(first)")
            }
            _ = try await trial.deliver(request)
            try await trial.settle(request)
            try await trial.expectOneEffect(request)
        }
    }

    private static func finding(_ kind: FaultKind) -> CounterpartyLaw {
        CounterpartyLaw("a question struck by \(kind.rawValue) says nothing about what was done") { trial in
            let request = try trial.request()
            _ = try await trial.deliver(request)
            try await trial.settle(request)
            await trial.bench.arm([FaultRule(kind, at: [.find], delay: .milliseconds(20))])
            let first = await trial.party.find(request)
            switch first {
            case .found: try trial.expect(kind == .slow, "\(first)")
            case .notYetKnown: try trial.expect(kind != .slow, "\(first)")
            case .refused, .absent: throw trial.broken("\(first)")
            }
            try await trial.expectOneEffect(request)
        }
    }

    private static func notice(_ kind: FaultKind) -> CounterpartyLaw {
        CounterpartyLaw("notices struck by \(kind.rawValue) still bring the truth") { trial in
            guard trial.bench.sendsNotices else { return }
            await trial.bench.arm([FaultRule(kind, delay: .milliseconds(20))])
            let request = try trial.request()
            _ = try await trial.deliver(request)
            let notice = await trial.bench.finalNotice(about: request.reference)
            let mismatches = trial.bench.instruction(1).facts.mismatches(with: notice.claim.facts)
            try trial.expect(notice.claim.verdict == .settled && mismatches.isEmpty, "it says \(notice.claim)")
            try await trial.expectOneEffect(request)
        }
    }

    private static let lostNotice = CounterpartyLaw("a notice that was lost comes when it is asked for") { trial in
        guard trial.bench.sendsNotices else { return }
        await trial.bench.arm([FaultRule(.noticeLost, references: ["*INV-1:*"])])
        let (lost, told) = (try trial.request(1), try trial.request(2))
        _ = try await trial.deliver(lost)
        _ = try await trial.deliver(told)
        // The second order shares the first one's account and is worked on after it.
        try await trial.settle(told)
        guard case .promised = await trial.party.requestNotice(for: lost) else { throw trial.broken("not promised") }
        try await trial.settle(lost)
        try await trial.expectOneEffect(lost)
    }

    private static let wrongAmount = CounterpartyLaw("a notice with a wrong amount contradicts the facts") { trial in
        guard trial.bench.sendsNotices else { return }
        await trial.bench.arm([FaultRule(.noticeWrongAmount)])
        let request = try trial.request()
        _ = try await trial.deliver(request)
        let notice = await trial.bench.finalNotice(about: request.reference)
        let mismatches = trial.bench.instruction(1).facts.mismatches(with: notice.claim.facts)
        try trial.expect(mismatches.map(\.name) == ["amount"], "the notice contradicts \(mismatches)")
        try await trial.expectOneEffect(request)
    }
}
