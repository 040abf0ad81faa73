import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

/// An old copy was put back, and an offering that had moved since is handed in again.
@Suite struct RestoredOfferingTests {
    private func bench(
        _ terms: SettlementBench.Terms = SettlementBench.Terms(), faults: [FaultRule] = []
    ) throws -> SettlementBench {
        try SettlementBench(
            terms, units: OfferingSettlementTests.three, faults: Adapters.FaultPlan(rules: faults))
    }

    /// Every effect at every party, by reference; none may ever be there twice.
    private func effects(_ bench: SettlementBench) -> [String] {
        [Parties.custodian, Parties.blockchain, Parties.bank].flatMap { party in
            bench.effects(at: party).map { "\(party) \($0)" }
        }
    }

    /// Another offering's money comes into the investors' accounts, as much as they had paid here.
    private func payInForOthers(_ bench: SettlementBench) throws {
        bench.world.change { world in
            for (tail, amount) in [("1", "15120.00"), ("2", "10080.00"), ("3", "5040.00")] {
                world.deposit(amount, "SGD", into: "ESC-\(tail)", at: Parties.custodian)
            }
        }
    }

    /// Settles until the first lines have moved, one is stuck, and the daemon ends.
    private func settleInPart(_ bench: SettlementBench) async throws {
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, of: SettlementBench.saga("SG-TOWER-1/fund/INV-2"))
            try await bench.until(.completed, of: SettlementBench.saga("SG-TOWER-1/fund/INV-1"))
        }
        bench.world.change { $0.faults.quiet() }
    }

    private static let secondRefused = FaultRule(
        .errorBefore, at: [.deliver], party: Parties.custodian, references: ["*fund:INV-2:transfer*"], attempts: 99)

    @Test(arguments: [RefundRoute.deposit, .bank])
    func `an offering that had settled is handed in again, moves nothing, and all books agree`(
        refundTo: RefundRoute
    ) async throws {
        let bench = try bench(SettlementBench.Terms(refundTo: refundTo))
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
        }
        let before = effects(bench)
        try await bench.restored().use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            #expect(try await bench.settlement().outcome == .settled)
            #expect(try await bench.settlement().figures.allSatisfy { $0.agrees })
            #expect(effects(bench) == before)
        }
    }

    @Test func `an offering that had settled in part goes on where it was`() async throws {
        let bench = try bench(faults: [Self.secondRefused])
        try await settleInPart(bench)
        try await bench.restored().use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            #expect(try await bench.settlement().figures.allSatisfy { $0.agrees })
            #expect(bench.balance("ISS-1") == "25200.00")
            #expect(Set(effects(bench)).count == effects(bench).count)
        }
    }

    @Test(arguments: [OperatorAction.cancel, .discard])
    func `what has moved is not called off, whoever's money stands there now; resume goes forward`(
        action: OperatorAction
    ) async throws {
        let bench = try bench(faults: [Self.secondRefused])
        try await settleInPart(bench)
        try payInForOthers(bench)
        bench.world.change { $0.set("TOK-3", .frozen, at: Parties.custodian) }
        let before = effects(bench)
        try await bench.restored().use { bench in
            try await bench.submit()
            let halted = try await bench.until(.stuck, cause: .halted)
            let words = try #require(try bench.predicament(halted)).message
            #expect(words.contains("TOK-3 is frozen at the custodian; mend it and resume"), "\(words)")
            #expect(!words.contains("cancel"))
            try await bench.act(action)
            let row = try await bench.until(.stuck, cause: .impossible)
            let message = try #require(try bench.predicament(row)).message
            #expect(
                message.contains(
                    "custodian, SG-TOWER-1:fund:INV-1:transfer~0: 12600.00 SGD from ESC-1 to ISS-1"), "\(message)")
            #expect(message.contains("resume goes forward"), "\(message)")
            #expect(effects(bench) == before)
            bench.world.change { $0.set("TOK-3", .open, at: Parties.custodian) }
            try await bench.act(.resume)
            try await bench.until(.completed)
            #expect(try await bench.settlement().figures.allSatisfy { $0.agrees })
            // What others have paid in is still there.
            #expect(bench.balance("ESC-1") == "15120.00")
            #expect(bench.balance("ISS-1") == "25200.00")
        }
    }

    @Test func `an offering that was half called off is called off to its end, and never goes forward`() async throws {
        let bench = try bench(faults: [
            FaultRule(
                .errorBefore, at: [.deliver], party: Parties.custodian, references: ["*returnFunds:INV-2:*"],
                attempts: 99)
        ])
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.waiting, cause: .awaitingMoment)
            try await bench.act(.cancel)
            try await bench.until(.stuck, of: SettlementBench.saga("SG-TOWER-1/returnFunds/INV-2"))
            try await bench.until(.completed, of: SettlementBench.saga("SG-TOWER-1/returnFunds/INV-1"))
        }
        bench.world.change { $0.faults.quiet() }
        try payInForOthers(bench)
        try await bench.restored().use { bench in
            try await bench.submit()
            let row = try await bench.until(.stuck, cause: .halted)
            let message = try #require(try bench.predicament(row)).message
            #expect(
                message.contains(
                    "custodian, SG-TOWER-1:returnFunds:INV-1:refund~0: 15120.00 SGD from ESC-1 to DEP-1"),
                "\(message)")
            try await bench.act(.discard)
            try await bench.until(.stuck, cause: .impossible)
            try await bench.act(.resume)
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.cancel)
            try await bench.until(.cancelled)
            #expect(try await bench.settlement().figures.allSatisfy { $0.agrees })
            #expect(bench.effects(at: Parties.custodian).allSatisfy { $0.hasPrefix("returnFunds:") })
            #expect(Set(effects(bench)).count == effects(bench).count)
            #expect(bench.balance("DEP-1") == "15120.00")
            #expect(bench.balance("ESC-1") == "15120.00")
        }
    }

    @Test func `an offering that had failed and paid everyone back is handed in again and pays nobody`() async throws {
        let bench = try bench(SettlementBench.Terms(minimum: 50))
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
        }
        let before = effects(bench)
        try await bench.restored().use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            #expect(try await bench.settlement().outcome == .failed)
            #expect(effects(bench) == before)
        }
    }

    @Test func `one that had settled and fails by what is loaded now pays nobody back`() async throws {
        let bench = try bench()
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
        }
        try payInForOthers(bench)
        let before = effects(bench)
        let again = try await bench.restored(
            as: SettlementBench.Terms(minimum: 50), units: OfferingSettlementTests.three)
        try await again.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.cancel)
            try await bench.until(.stuck, cause: .impossible)
            #expect(effects(bench) == before)
        }
    }

    @Test func `nothing is discarded after a restore without a look at what the parties have`() async throws {
        let bench = try bench()
        bench.world.change { $0.set("TOK-3", .frozen, at: Parties.custodian) }
        try await bench.restored().use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.discard)
            try await bench.until(.cancelled)
            #expect(try await bench.stages(of: bench.id).contains("untouched"))
            #expect(effects(bench).isEmpty)
        }
    }

    @Test func `what an old life sent last has time to arrive before anything is called off`() async throws {
        let bench = try bench()
        let restored = try await bench.restored()
        let since = bench.clock.now()
        // Sent before the restore, and on its way while the operator cancels.
        bench.world.change { $0.set("TOK-3", .frozen, at: Parties.custodian) }
        try await restored.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.cancel)
            try await bench.until(.cancelled)
            let entries = try await bench.store.journal(of: bench.id, after: 0, limit: 100)
            let opening = try #require(
                entries.first { $0.stage == OfferingSettlement.Stage.opening.name && $0.kind == .value })
            #expect(opening.at >= since + .seconds(5))
        }
    }

    @Test func `a movement that is still to come is waited for`() async throws {
        let bench = try bench()
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
        }
        let isOn = Locked(true)
        let again = try await bench.restored(reading: {
            MisreadBooks(
                base: $0, misreading: .unsettled, reference: "SG-TOWER-1:fund:INV-1:transfer~0", isOn: isOn)
        })
        try await again.use { bench in
            try await bench.submit()
            let row = try await bench.until(.stuck, cause: .exhausted)
            #expect(
                try bench.predicament(row)?.message.contains("SG-TOWER-1:fund:INV-1:transfer~0 is still to come")
                    == true)
            isOn.withLock { $0 = false }
            try await bench.act(.resume)
            try await bench.until(.completed)
        }
    }

    @Test func `what moved in another amount than is loaded now halts before anything moves`() async throws {
        let bench = try bench()
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
        }
        let before = effects(bench)
        let again = try await bench.restored(
            as: SettlementBench.Terms(offered: 12), units: OfferingSettlementTests.three)
        try await again.use { bench in
            try await bench.submit()
            let row = try await bench.until(.stuck, cause: .halted)
            let message = try #require(try bench.predicament(row)).message
            #expect(
                message.contains(
                    "custodian, SG-TOWER-1:fund:INV-1:transfer~0: 12600.00 SGD from ESC-1 to ISS-1, not the 15120.00"),
                "\(message)")
            #expect(effects(bench) == before)
        }
    }

    // MARK: Lines

    private static let line = SettlementBench.saga("SG-TOWER-1/fund/INV-2")

    @Test(arguments: [RefundRoute.deposit, .bank])
    func `a line that had been taken out does not pay the issuer, and is taken out again`(
        refundTo: RefundRoute
    ) async throws {
        let refused = FaultRule(.refusedLater, party: Parties.custodian, operation: "transfer", references: ["*INV-2*"])
        let bench = try bench(SettlementBench.Terms(refundTo: refundTo), faults: [refused])
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .refused, of: Self.line)
            try await bench.act(.exclude, on: Self.line)
            try await bench.until(.completed)
        }
        bench.world.change { $0.faults.quiet() }
        try payInForOthers(bench)
        let before = effects(bench)
        try await bench.restored().use { bench in
            try await bench.submit()
            let row = try await bench.until(.stuck, cause: .halted, of: Self.line)
            #expect(try bench.predicament(row)?.message.contains("exclude the line, which takes that as it is") == true)
            try await bench.act(.exclude, on: Self.line)
            try await bench.until(.completed)
            #expect(try await bench.settlement().excluded == 1)
            #expect(effects(bench) == before)
        }
    }

    @Test func `a line that had paid the issuer is not taken out; resume goes forward`() async throws {
        let bench = try bench()
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
        }
        try payInForOthers(bench)
        let before = effects(bench)
        let silence = FaultRule(
            .errorBefore, at: [.find], party: Parties.custodian, references: ["*INV-2:refund~0"], attempts: 99)
        bench.world.change { _ = $0.faults.add(silence) }
        try await bench.restored().use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .exhausted, of: Self.line)
            try await bench.act(.exclude, on: Self.line)
            let row = try await bench.until(.stuck, cause: .impossible, of: Self.line)
            #expect(
                try bench.predicament(row)?.message.contains("SG-TOWER-1:fund:INV-2:transfer~0: 7560.00 SGD") == true)
            bench.world.change { $0.faults.quiet() }
            try await bench.act(.resume, on: Self.line)
            try await bench.until(.completed)
            #expect(try await bench.settlement().excluded == 0)
            #expect(effects(bench) == before)
        }
    }

    @Test func `units that had been delivered are not held; resume goes forward`() async throws {
        let bench = try bench()
        let line = SettlementBench.saga("SG-TOWER-1/distribute/INV-3")
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
        }
        let before = effects(bench)
        let silence = FaultRule(
            .errorBefore, at: [.find], party: Parties.custodian, references: ["*INV-3:deliver~0"], attempts: 99)
        bench.world.change { _ = $0.faults.add(silence) }
        try await bench.restored().use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .exhausted, of: line)
            bench.world.change { $0.faults.quiet() }
            try await bench.act(.exclude, on: line)
            try await bench.until(.stuck, cause: .impossible, of: line)
            try await bench.act(.resume, on: line)
            try await bench.until(.completed)
            #expect(try await bench.settlement().held == 0)
            #expect(effects(bench) == before)
        }
    }
}
