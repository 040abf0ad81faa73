import Adapters
import SagaEngine
import Testing

@Suite(.timeLimit(.minutes(1))) struct MockCounterpartyTests {
    let clock = SteppingClock()

    private func world(_ faults: FaultPlan = FaultPlan()) -> MockWorld {
        let world = MockWorld(faults: faults, clock: clock)
        world.change { world in
            world.deposit("5000.00", "SGD", into: "ESC-1", at: "custodian")
            world.open("ISS-1", at: "custodian")
        }
        return world
    }

    @Test func `an order is accepted, has its effect in its own time and is told once`() async throws {
        let world = world()
        let told = Locked<[Notice]>([])
        world.hook(
            MockHooks(notice: { notice in
                told.withLock { $0.append(notice) }
                return true
            }))
        let custodian = world.counterparty("custodian", instructions: ["test.transfer"])
        let request = try custodian.render(TestOrder.transfer(), as: try key())
        guard case .receipt(let receipt, _) = await custodian.deliver(request) else {
            Issue.record("no receipt")
            return
        }
        #expect(receipt.state == .accepted)
        #expect(world.book(of: "custodian").effects.isEmpty)
        clock.pass(.seconds(1))
        await world.advance()
        await world.advance()
        #expect(told.withLock { $0.map(\.claim.verdict) } == [.settled])
        #expect(world.book(of: "custodian").effects.map(\.reference) == [request.reference])
        #expect(world.book(of: "custodian").balances(of: "ISS-1").map(\.amount) == ["2520.00"])
        guard case .found(let found, _) = await custodian.find(request) else {
            Issue.record("not found")
            return
        }
        #expect(found.state == .settled)
        #expect(found.facts == receipt.facts)
    }

    @Test func `accounts whose names only look alike are two accounts`() {
        var book = PartyBook()
        let (composed, decomposed) = ("TOK-caf\u{E9}", "TOK-cafe\u{301}")
        book.apply(.deposited(account: composed, asset: "SGD", amount: "5.00"))
        #expect(book.account(decomposed) == nil)
        book.apply(.deposited(account: decomposed, asset: "SGD", amount: "7.00"))
        #expect(book.balances(of: composed).map(\.amount) == ["5.00"])
        #expect(book.balances(of: decomposed).map(\.amount) == ["7.00"])
    }

    @Test func `every crash point of a call is met and numbered`() async throws {
        for fault in CallFault.allCases {
            let world = world()
            let crashes = Locked<[CallPoint]>([])
            world.hook(
                MockHooks(
                    atCall: { $0.number == 1 ? fault : nil },
                    crash: { point, _ in crashes.withLock { $0.append(point) } }))
            let custodian = world.counterparty("custodian", instructions: ["test.transfer"])
            let request = try custodian.render(TestOrder.transfer(), as: try key())
            guard case .unknown(let failure, _) = await custodian.deliver(request) else {
                Issue.record("\(fault) was not unknown")
                continue
            }
            #expect(failure.code == (fault == .appliedButError ? "http_500" : "crashed"))
            #expect(crashes.withLock { $0.map(\.number) } == (fault == .appliedButError ? [] : [1]))
            #expect(world.book(of: "custodian").orders.count == (fault == .before ? 0 : 1))
        }
    }

    @Test func `a service lets things happen when they are due`() async throws {
        let world = world()
        let (notices, arrival) = AsyncStream<Notice>.makeStream()
        world.hook(
            MockHooks(notice: { notice in
                arrival.yield(notice)
                return true
            }))
        let custodian = world.counterparty("custodian", instructions: ["test.transfer"])
        let request = try custodian.render(TestOrder.transfer(), as: try key())
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await world.run() }
            _ = await custodian.deliver(request)
            var iterator = notices.makeAsyncIterator()
            let notice = await iterator.next()
            #expect(notice?.claim.reference == request.reference)
            group.cancelAll()
        }
    }
}
