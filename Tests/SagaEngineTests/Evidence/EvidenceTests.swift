import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct EvidenceTests {
    private let address = #"{"saga":"S-1","stage":"paid","refusals":0}"#

    private func entries(_ order: String = "pay") -> [(String, EntryContent)] {
        [("", .pivot), (order, .intent(Sample.intent())), (order, .accepted()), ("paid", .told(order))]
    }

    private func makeShelf(_ entries: [(String, EntryContent)]) throws -> EvidenceShelf {
        let shelf = EvidenceShelf()
        shelf.put(try SagaState.after(entries), of: Sample.saga)
        return shelf
    }

    private func bytes(stage: String, refusals: Int = 0, saga: String = "S-1") -> [UInt8] {
        Array(#"{"saga":"\#(saga)","stage":"\#(stage)","refusals":\#(refusals)}"#.utf8)
    }

    private func code(_ body: () throws -> Void) -> CodecError.Code? {
        do {
            try body()
            return nil
        } catch let error as CodecError {
            return error.code
        } catch {
            Issue.record("another error: \(error)")
            return nil
        }
    }

    @Test func `evidence is decoded by nobody but the engine`() {
        let decoder = JournalDecoder()
        let bytes = Array(address.utf8)
        #expect(code { _ = try decoder.decode(Approved<Approve>.self, from: bytes) } == .outsideEngine)
        #expect(code { _ = try decoder.decode(Settled<Pay>.self, from: bytes) } == .outsideEngine)
        #expect(code { _ = try decoder.decode(Sent<Pay>.self, from: bytes) } == .outsideEngine)
        #expect(code { _ = try decoder.decode(AllSettled<Payout.Output>.self, from: bytes) } == .outsideEngine)
        #expect(code { _ = try decoder.decode(Posted<BookEntry>.self, from: bytes) } == .outsideEngine)
    }

    @Test func `an instruction that stores evidence is decoded by nobody but the engine`() throws {
        let bytes = Array(#"{"payment":\#(address)}"#.utf8)
        #expect(code { _ = try JournalDecoder().decode(Follow.self, from: bytes) } == .outsideEngine)
        let follow = try makeShelf(entries()).decode(Follow.self, from: bytes)
        #expect(follow.payment.instruction.amount == 5)
        #expect(try JournalEncoder().encode(follow) == bytes, "evidence crosses the journal by its address")
    }

    @Test func `what the journal proves is found by its address`() throws {
        let posted: [(String, EntryContent)] = [
            ("book", .posted(Array(#"{"amount":5}"#.utf8))),
            ("all", .barrier(BarrierBody(source: "s", count: 3, excluded: 1, digest: "d", sums: [.init("paid", 9)]))),
        ]
        let shelf = try makeShelf(entries() + posted)
        let settled = try shelf.decode(Settled<Pay>.self, from: bytes(stage: "paid"))
        #expect(settled.facts == ["amount": "5"])
        #expect(try shelf.decode(Approved<Approve>.self, from: bytes(stage: "paid")).instruction.amount == 5)
        #expect(try shelf.decode(Sent<Pay>.self, from: bytes(stage: "pay")).receipt == Sample.receipt)
        #expect(try shelf.decode(Posted<BookEntry>.self, from: bytes(stage: "book")).content == BookEntry(amount: 5))
        let all = try shelf.decode(AllSettled<Payout.Output>.self, from: bytes(stage: "all"))
        #expect(all.count == 3 && all.excluded == 1 && all.sum(of: "paid") == 9 && all.sum(of: "other") == 0)
    }

    @Test func `an address that is not proved is refused`() throws {
        let shelf = try makeShelf(Array(entries().prefix(3)))
        #expect(code { _ = try shelf.decode(Settled<Pay>.self, from: bytes(stage: "paid")) } == .notProved)
        #expect(code { _ = try shelf.decode(Approved<Approve>.self, from: bytes(stage: "paid")) } == .notProved)
        #expect(code { _ = try shelf.decode(Sent<Pay>.self, from: bytes(stage: "other")) } == .notProved)
        #expect(code { _ = try shelf.decode(Posted<BookEntry>.self, from: bytes(stage: "pay")) } == .notProved)
        #expect(code { _ = try shelf.decode(AllSettled<Payout.Output>.self, from: bytes(stage: "pay")) } == .notProved)
    }

    @Test func `neither a question nor a person approves`() throws {
        let proofs: [EntryContent] = [
            .found(FoundBody(order: Sample.stage("pay"), receipt: Sample.receipt, exchange: Sample.exchange)),
            .resolved(ResolvedBody(order: Sample.stage("pay"), evidence: "letter", actor: "ann")),
        ]
        for proof in proofs {
            let shelf = try makeShelf(entries().prefix(3) + [("paid", proof)])
            #expect(code { _ = try shelf.decode(Approved<Approve>.self, from: bytes(stage: "paid")) } == .notProved)
            #expect(try shelf.decode(Settled<Pay>.self, from: bytes(stage: "paid")).instruction.amount == 5)
        }
    }

    @Test func `what was refused proves nothing, not even once its successor is taken`() throws {
        let refused = entries().prefix(3) + [("pay", EntryContent.refusedByParty)]
        let sent = bytes(stage: "pay")
        #expect(code { _ = try makeShelf(Array(refused)).decode(Sent<Pay>.self, from: sent) } == .notProved)
        let again: [(String, EntryContent)] = [
            ("pay", .trouble(.refused, "pay")), ("", .acted(.resume)), ("pay", .intent(Sample.intent())),
            ("pay", .accepted()),
        ]
        let shelf = try makeShelf(refused + again)
        #expect(code { _ = try shelf.decode(Sent<Pay>.self, from: sent) } == .notProved)
        #expect(try shelf.decode(Sent<Pay>.self, from: bytes(stage: "pay", refusals: 1)).address.refusals == 1)
        #expect(code { _ = try shelf.decode(Sent<Pay>.self, from: bytes(stage: "pay", refusals: 2)) } == .notProved)
    }

    @Test func `a journal that is not at hand is named, and only that`() throws {
        let shelf = try makeShelf(entries())
        let elsewhere = bytes(stage: "paid", saga: "S-2")
        #expect(code { _ = try shelf.decode(Settled<Pay>.self, from: elsewhere) } == .notOnShelf)
        #expect(shelf.missing?.saga.rawValue == "S-2")
        shelf.put(try SagaState.after(entries()), of: SagaID(trusted: "S-2"))
        #expect(shelf.missing == nil)
        #expect(try shelf.decode(Settled<Pay>.self, from: elsewhere).instruction.amount == 5)
    }

    // MARK: Across sagas

    /// Runs on its parent's evidence.
    private struct Heir: EntrustedSaga {
        typealias Input = Payout.Input
        typealias Given = Settled<Pay>
        static let name = "heir"
        enum Stage: String, SagaStage { case only }
        struct Output: Codable, Sendable, Tallied {
            var amount: Int64
            var tally: Tally { Tally([.init("heir", Int128(amount))]) }
        }

        func run(_ input: Payout.Input, given: Settled<Pay>, in saga: SagaContext<Stage>) async throws -> Output {
            try await saga.step(.only) { Output(amount: given.instruction.amount + input.amount) }
        }
    }

    private func setup(_ wrap: @escaping (any SagaStore) -> any SagaStore = { $0 }) -> Bench.Setup {
        var setup = Bench.Setup()
        setup.register = { $0.register(Heir()) }
        setup.wrap = wrap
        return setup
    }

    private let parent: Improvised.Body = { input, saga in
        try await saga.pointOfNoReturn()
        let order = try await saga.send(.one, Pay(amount: input))
        let paid = try await saga.receive(.two, from: order, within: .hours(1))
        let all = try await saga.forEach(.three, in: Payroll.Amounts(amounts: [1, 2]), given: paid, run: Heir.self)
        return Int64(all.sum(of: "heir"))
    }

    @Test func `a child runs on the evidence that its parent holds`() async throws {
        try await Bench.run(setup(), parent) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("one#0", amount: "41")
            try await bench.until(.completed)
            #expect(try await bench.row().output == Array("85".utf8))
        }
    }

    @Test(arguments: ["PAY-1", "PAY-1/three/P-9", "PAY-1/thr", "PAY", "STRANGER/three/P-1"])
    func `a child cannot point at a stranger's journal`(_ child: String) async throws {
        try await Bench.run(setup(), parent) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("one#0", amount: "41")
            try await bench.until(.completed)
            // The stranger's id is only like the ancestor's, or the address is a stranger's.
            let id = SagaID(trusted: child == "PAY-1" ? "PAY-10" : child)
            let isHeir = child == "PAY-1/three/P-9" || child == "PAY-1/thr"
            let input = #"{"element":{"amount":1},"given":{"saga":"PAY-1","stage":"two","refusals":0}}"#
            let genesis = ChainLink.genesis(of: id, flow: Heir.flow, input: Array(input.utf8), by: PlainSHA256())
            _ = try await bench.memory.commit(
                [.submit(NewSaga(id: id, flow: Heir.flow, input: Array(input.utf8), genesis: genesis))], under: nil)
            bench.runner.wake()
            try await bench.until(isHeir ? .completed : .stuck, of: id)
            guard !isHeir else { return }
            #expect(try await bench.predicament(id).cause == .halted)
        }
    }

    @Test func `a store that is away while evidence is fetched makes no child stuck`() async throws {
        let failures = Locked(0)
        try await Bench.run(
            setup { store in
                HookedStore(
                    store,
                    beforeRow: { id throws(StoreError) in
                        let fails = failures.withLock { failures in
                            guard id.rawValue == "PAY-1", failures > 0 else { return false }
                            failures -= 1
                            return true
                        }
                        if fails { throw StoreError(.unavailable, "as asked") }
                    })
            }, parent
        ) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            // Before the notice: with it the children may have begun by the time this test goes on.
            failures.withLock { $0 = 2 }
            try await bench.tell("one#0", amount: "41")
            try await bench.until(.completed)
            #expect(failures.withLock { $0 } == 0, "the store was away when it was asked")
            for child in ["P-1000", "P-1001"] {
                let journal = try await bench.journal(SagaID(trusted: "PAY-1/three/\(child)"))
                #expect(!journal.contains { $0.kind == .stuck })
            }
        }
    }
}
