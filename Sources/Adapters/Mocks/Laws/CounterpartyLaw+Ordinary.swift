internal import SagaEngine

/// What holds when nothing goes wrong.
extension CounterpartyLaw {
    static let ordinary: [CounterpartyLaw] = [
        CounterpartyLaw("the same instruction and key always give the same bytes, another key another reference") {
            trial in
            let (first, again, other) = (try trial.request(1), try trial.request(1), try trial.request(2))
            try trial.expect(first == again, "two renderings differ")
            try trial.expect(first.reference != other.reference, "two keys share \(first.reference)")
        },
        CounterpartyLaw("what was never sent is absent") { trial in
            let finding = await trial.party.find(try trial.request())
            guard case .absent = finding else { throw trial.broken("\(finding)") }
        },
        CounterpartyLaw("what was delivered is found with the same facts and has one effect") { trial in
            let request = try trial.request()
            let receipt = try await trial.deliver(request)
            let mismatches = trial.bench.instruction(1).facts.mismatches(with: receipt.facts)
            try trial.expect(mismatches.isEmpty, "the receipt says \(mismatches)")
            try await trial.settle(request)
            let found = try await trial.found(request)
            try trial.expect(found.id == receipt.id, "found under another id")
            try trial.expect(found.facts == receipt.facts, "found with other facts")
            try await trial.expectOneEffect(request)
        },
        CounterpartyLaw("a request delivered again and again has one effect and one receipt") { trial in
            let request = try trial.request()
            var ids: Set<String> = []
            for _ in 1...3 { ids.insert(try await trial.deliver(request).id) }
            try await trial.settle(request)
            ids.insert(try await trial.deliver(request).id)
            try trial.expect(ids.count == 1, "there were \(ids.count) receipts")
            try await trial.expectOneEffect(request)
        },
        CounterpartyLaw("a known reference with other content is unknown, never refused, and changes nothing") {
            trial in
            let request = try trial.request(1)
            let other = try trial.party.render(trial.bench.instruction(2), as: trial.key(1))
            _ = try await trial.deliver(request)
            let delivery = await trial.party.deliver(other)
            guard case .unknown(let failure, _) = delivery else { throw trial.broken("\(delivery)") }
            try trial.expect(failure.code == "reference_conflict", "the code is \(failure.code)")
            try await trial.settle(request)
            try await trial.expectOneEffect(request)
            let facts = try await trial.found(request).facts
            try trial.expect(
                trial.bench.instruction(1).facts.mismatches(with: facts).isEmpty, "the content was changed")
        },
        CounterpartyLaw("orders delivered at the same time have one effect each") { trial in
            let requests = try (1...20).map { try trial.request($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for request in requests { group.addTask { _ = try await trial.deliver(request) } }
                try await group.waitForAll()
            }
            for request in requests {
                try await trial.settle(request)
                try await trial.expectOneEffect(request)
            }
        },
        CounterpartyLaw("a notice names the reference and states the facts, and comes again when asked for") { trial in
            let request = try trial.request()
            _ = try await trial.deliver(request)
            guard trial.bench.sendsNotices else {
                let answer = await trial.party.requestNotice(for: request)
                guard case .failed = answer else { throw trial.broken("promised what it never sends: \(answer)") }
                return
            }
            let notice = await trial.bench.finalNotice(about: request.reference)
            try trial.expect(notice.source == trial.party.terms.name, "it comes from \(notice.source)")
            let mismatches = trial.bench.instruction(1).facts.mismatches(with: notice.claim.facts)
            try trial.expect(mismatches.isEmpty, "the notice says \(mismatches)")
            let answer = await trial.party.requestNotice(for: request)
            guard case .promised = answer else { throw trial.broken("\(answer)") }
            let again = await trial.bench.finalNotice(about: request.reference)
            try trial.expect(again.claim == notice.claim, "asked again, it claims something else")
            try await trial.expectOneEffect(request)
        },
    ]
}
