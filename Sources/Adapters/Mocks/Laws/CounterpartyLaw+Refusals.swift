internal import SagaEngine

/// What holds when the counterparty will not.
extension CounterpartyLaw {
    static let refusals: [CounterpartyLaw] = [
        CounterpartyLaw("an order that cannot be is refused for ever, without an effect") { trial in
            await trial.bench.freeze()
            let request = try trial.request()
            for _ in 1...2 {
                let delivery = await trial.party.deliver(request)
                guard case .refused(let reason, _) = delivery else { throw trial.broken("\(delivery)") }
                try trial.expect(reason.code == "account_frozen", "the code is \(reason.code)")
            }
            let finding = await trial.party.find(request)
            guard case .refused = finding else { throw trial.broken("\(finding)") }
            let count = await trial.bench.effects(of: request.reference)
            try trial.expect(count == 0, "it was refused and had \(count) effects")
        },
        CounterpartyLaw("an order refused after it was taken in says so by notice and when asked") { trial in
            guard trial.bench.sendsNotices else { return }
            await trial.bench.arm([FaultRule(.refusedLater)])
            let request = try trial.request()
            let receipt = try await trial.deliver(request)
            try trial.expect(receipt.state == .accepted, "the receipt says \(receipt.state)")
            let notice = await trial.bench.finalNotice(about: request.reference)
            guard case .refused = notice.claim.verdict else { throw trial.broken("\(notice.claim.verdict)") }
            let finding = await trial.party.find(request)
            guard case .refused = finding else { throw trial.broken("\(finding)") }
            let count = await trial.bench.effects(of: request.reference)
            try trial.expect(count == 0, "it was refused and had \(count) effects")
        },
    ]
}
