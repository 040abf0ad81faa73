internal import SagaEngine
internal import SettlementFlows

/// What holds of reading back what moved under our own references.
extension CounterpartyLaw {
    static let readback: [CounterpartyLaw] = [
        CounterpartyLaw("what was delivered is read back under its reference with id, asset, amount and accounts") {
            trial in
            let request = try trial.request()
            let receipt = try await trial.deliver(request)
            try await trial.settle(request)
            let found = try await trial.readBack([trial.effect(1)])
            let expected = BookMovement(trial.bench.instruction(1).facts, under: request.reference, id: receipt.id)
            try trial.expect(found == [.moved(expected)], "\(found) instead of \(expected)")
        },
        CounterpartyLaw("what was never sent is nothing, under the reference it would have had") { trial in
            let found = try await trial.readBack([trial.effect(1)])
            try trial.expect(found == [.nothing(reference: try trial.request().reference)], "\(found)")
        },
        CounterpartyLaw("what was refused is no movement; the next number of its reference is looked under") { trial in
            await trial.bench.freeze()
            _ = await trial.party.deliver(try trial.request())
            let next = try trial.request(1, refusals: 1)
            let found = try await trial.readBack([trial.effect(1)])
            try trial.expect(found == [.nothing(reference: next.reference)], "\(found)")
            let listed = try await trial.listed()
            try trial.expect(listed.isEmpty, "a refusal is listed: \(listed)")
        },
        CounterpartyLaw("what was refused and sent again is read back once, under its new reference") { trial in
            guard trial.bench.sendsNotices else { return }
            await trial.bench.arm([FaultRule(.refusedLater, references: ["*~0"])])
            let (first, next) = (try trial.request(), try trial.request(1, refusals: 1))
            _ = try await trial.deliver(first)
            _ = await trial.bench.finalNotice(about: first.reference)
            let receipt = try await trial.deliver(next)
            try await trial.settle(next)
            let expected = BookMovement(trial.bench.instruction(1).facts, under: next.reference, id: receipt.id)
            let found = try await trial.readBack([trial.effect(1)])
            try trial.expect(found == [.moved(expected)], "\(found)")
            let listed = try await trial.listed()
            try trial.expect(listed == [expected], "\(listed)")
        },
        CounterpartyLaw("as many effects as may be asked about are answered in the order asked") { trial in
            let known = [7, 1_900, 300]
            for number in known { _ = try await trial.deliver(try trial.request(number)) }
            let numbers = (1...BookEffect.largestPage).reversed()
            let found = try await trial.readBack(try numbers.map(trial.effect))
            try trial.expect(found.count == BookEffect.largestPage, "\(found.count) answers")
            for (number, finding) in zip(numbers, found) {
                try trial.expect(finding.reference == trial.request(number).reference, "\(number): \(finding)")
                guard case .moved = finding else {
                    try trial.expect(!known.contains(number), "\(number) is not found")
                    continue
                }
                try trial.expect(known.contains(number), "\(number) is found and was never sent")
            }
        },
        CounterpartyLaw("the listing has each movement of an offering once, over its pages, and nobody else's") {
            trial in
            let numbers = 1...(SandboxDialect.pageLimit + 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in numbers { group.addTask { _ = try await trial.deliver(try trial.request(number)) } }
                try await group.waitForAll()
            }
            for other in ["LAW2", "LAW-2", "LA"] {
                _ = try await trial.deliver(try trial.request(1, of: other))
            }
            let listed = try await trial.listed().map(\.reference)
            try trial.expect(listed.count == numbers.count, "\(listed.count) are listed")
            try trial.expect(
                Set(listed) == Set(try numbers.map { ByteText(try trial.request($0).reference) }), "others are listed")
        },
        CounterpartyLaw("a listing that lags lacks what is new; looking under a reference does not lag") { trial in
            await trial.bench.arm([FaultRule(.listingLags, references: ["*INV-1:*"], delay: .hours(1))])
            for number in 1...2 { _ = try await trial.deliver(try trial.request(number)) }
            let listed = try await trial.listed().map(\.reference)
            try trial.expect(listed == [ByteText(try trial.request(2).reference)], "\(listed)")
            guard case .moved = try await trial.readBack([trial.effect(1)]).first else {
                throw trial.broken("the lookup lags, too")
            }
        },
    ]

    static func reading(_ kind: FaultKind) -> CounterpartyLaw {
        CounterpartyLaw("a reading struck by \(kind.rawValue) is read again and says the same") { trial in
            let request = try trial.request()
            _ = try await trial.deliver(request)
            try await trial.settle(request)
            let (found, listed) = (try await trial.readBack([trial.effect(1)]), try await trial.listed())
            await trial.bench.arm([FaultRule(kind, at: [.list], delay: .milliseconds(20))])
            try trial.expect(try await trial.readBack([trial.effect(1)]) == found, "the lookup says something else")
            try trial.expect(try await trial.listed() == listed, "the listing says something else")
        }
    }
}

extension CounterpartyLaw.Trial {
    func effect(_ number: Int) throws -> BookEffect {
        let key = try key(number)
        return BookEffect(party: party.terms.name, saga: key.saga, stage: key.stage)
    }

    func readBack(_ effects: [BookEffect]) async throws -> [BookFinding] {
        try await bench.books.movements(under: effects)
    }

    /// Everything that is listed under the offering of the laws' own sagas.
    func listed() async throws -> [BookMovement] {
        guard let offering = OfferingID(rawValue: Self.root) else { throw broken("the offering is none") }
        var movements: [BookMovement] = []
        var place: String?
        repeat {
            let page = try await bench.books.movements(of: offering, at: party.terms.name, after: place)
            movements += page.movements
            place = page.next
        } while place != nil
        return movements
    }
}

extension BookMovement {
    /// The movement that settled facts amount to.
    fileprivate init(_ facts: Facts, under reference: String, id: String) {
        let isCredit = facts["direction"] == "credit"
        self.init(
            reference: reference, id: id, asset: facts["asset"] ?? "", amount: facts["amount"] ?? "",
            from: facts["from"] ?? (isCredit ? nil : facts["account"]),
            to: facts["to"] ?? (isCredit ? facts["account"] : nil), isSettled: true)
    }
}
