import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@Suite struct SettlementCloseTests {
    private static let transfer = "SG-TOWER-1:fund:INV-1:transfer~0"

    private func predicament(_ bench: SettlementBench) async throws -> Predicament {
        try #require(try bench.predicament(try await bench.until(.stuck)))
    }

    @Test(arguments: [RefundRoute.deposit, .bank])
    func `two offerings with one issuer, one treasury and an investor in both settle at the same time`(
        refundTo: RefundRoute
    ) async throws {
        let terms = SettlementBench.Terms(id: "SG-TOWER-10", price: "12.50", offered: 4, refundTo: refundTo)
        let other = try MemoryOfferingBook(
            offering: terms.offering(after: SimulatedClock().now()),
            units: [("INV-1", 3), ("INV-7", 4)])
        let bench = try SettlementBench(
            SettlementBench.Terms(refundTo: refundTo), units: OfferingSettlementTests.three, beside: other)
        #expect(bench.offering.issuerAccount == other.offering.issuerAccount)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.submit(other)
            for id in [bench.id, SettlementBench.saga("SG-TOWER-10")] { try await bench.until(.completed, of: id) }
            #expect(try await bench.settlement().figures.allSatisfy { $0.agrees })
            // Both offerings' money, and nothing is left of what either was paid.
            #expect(bench.balance("ISS-1") == "25250.00")
            #expect(bench.balance("ESC-1") == "0.00")
        }
    }

    @Test(arguments: [RefundRoute.deposit, .bank])
    func `of two offerings that share accounts one is called off and both close`(refundTo: RefundRoute) async throws {
        let terms = SettlementBench.Terms(id: "SG-TOWER-10", price: "12.50", offered: 4, refundTo: refundTo)
        let other = try MemoryOfferingBook(
            offering: terms.offering(after: SimulatedClock().now()), units: [("INV-1", 3), ("INV-7", 4)])
        let bench = try SettlementBench(
            SettlementBench.Terms(refundTo: refundTo), units: OfferingSettlementTests.three, beside: other)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.submit(other)
            let calledOff = SettlementBench.saga("SG-TOWER-10")
            try await bench.until(.waiting, cause: .awaitingMoment, of: calledOff)
            try await bench.act(.cancel, on: calledOff)
            try await bench.until(.cancelled, of: calledOff)
            try await bench.until(.completed)
            #expect(try await bench.settlement().figures.allSatisfy { $0.agrees })
            #expect(bench.balance("ISS-1") == "25200.00")
            #expect(bench.balance("ESC-1") == "0.00")
        }
    }

    @Test func `an account that others move in between does not hinder`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three)
        try await bench.use { bench in
            // Another offering's name that begins like ours.
            try await Self.submit(bench, movingOneDollarAs: "SG-TOWER-10:fund:INV-1:transfer~0")
            bench.world.change { world in
                world.deposit("0.01", "SGD", into: "ISS-1", at: Parties.custodian)
                world.deposit("77.00", "SGD", into: "DEP-2", at: Parties.custodian)
            }
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.figures.allSatisfy { $0.agrees })
            #expect(settlement.figures.first { $0.what == "issuer" }?.actual == 2_520_000)
        }
    }

    @Test(
        arguments: [
            (
                MisreadBooks.Misreading.amount("12599.99"),
                "the custodian has 12599.99 SGD from ESC-1 to ISS-1"
            ),
            (.target("ISS-2"), "the custodian has 12600.00 SGD from ESC-1 to ISS-2"),
            (.missing, "the custodian has nothing (0 SGD)"),
        ])
    func `a movement that is not what the ledger says keeps the settlement open until it is mended`(
        misreading: MisreadBooks.Misreading, words: String
    ) async throws {
        let isOn = Locked(true)
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three,
            reading: { MisreadBooks(base: $0, misreading: misreading, reference: Self.transfer, isOn: isOn) })
        try await bench.use { bench in
            try await bench.submit()
            let predicament = try await predicament(bench)
            #expect(predicament.cause == .halted)
            #expect(predicament.stage == OfferingSettlement.Stage.close.name)
            #expect(
                predicament.message.contains(
                    "custodian, \(Self.transfer): the ledger has 12600.00 SGD from ESC-1 to ISS-1, \(words)"),
                "\(predicament.message)")
            isOn.withLock { $0 = false }
            try await bench.act(.resume)
            try await bench.until(.completed)
        }
    }

    @Test(arguments: ["SG-TOWER-1:fund:INV-1:bonus~0", "SG-TOWER-1:fund:INV-1:transfer~1", "SG-TOWER-1:mint~1"])
    func `a movement under our references that the ledger does not know is named`(reference: String) async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three)
        try await bench.use { bench in
            try await Self.submit(bench, movingOneDollarAs: reference)
            let message = try await predicament(bench).message
            #expect(
                message.contains(
                    "custodian, \(reference): the ledger has nothing (0 SGD), the custodian has 1.00 SGD from DEP-2 "
                        + "to ISS-1"), "\(message)")
            #expect(!message.contains(Self.transfer + ":"))
        }
    }

    @Test func `a movement that is still to come is waited for, in the end by a person`() async throws {
        let isOn = Locked(true)
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three,
            reading: { MisreadBooks(base: $0, misreading: .unsettled, reference: Self.transfer, isOn: isOn) })
        try await bench.use { bench in
            try await bench.submit()
            let predicament = try await predicament(bench)
            #expect(predicament.cause == .exhausted)
            #expect(predicament.message.contains("are behind: \(Self.transfer) is still to come"))
            isOn.withLock { $0 = false }
            try await bench.act(.resume)
            try await bench.until(.completed)
        }
    }

    @Test func `a listing that lags behind is waited out, in the end by a person`() async throws {
        let lag = FaultRule(.listingLags, at: [.list], references: ["*INV-3*"], attempts: 99, delay: .hours(9))
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, faults: Adapters.FaultPlan(rules: [lag]))
        try await bench.use { bench in
            try await bench.submit()
            let predicament = try await predicament(bench)
            #expect(predicament.cause == .exhausted)
            #expect(predicament.message.contains("movements are listed so far"))
            let attempts = try await bench.store.journal(of: bench.id, after: 0, limit: 10_000).filter {
                $0.stage == OfferingSettlement.Stage.close.name && $0.kind == .attempt
            }
            #expect(attempts.count == RetryPolicy.standard.attempts)
            bench.world.change { $0.faults.quiet() }
            try await bench.act(.resume)
            try await bench.until(.completed)
        }
    }

    @Test func `a listing that lacks one movement and has another does not pass for complete`() async throws {
        let lag = FaultRule(
            .listingLags, at: [.list], references: ["*distribute:INV-3:deliver*"], attempts: 99, delay: .hours(9))
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, faults: Adapters.FaultPlan(rules: [lag]))
        try await bench.use { bench in
            try await Self.submit(bench, movingOneDollarAs: "SG-TOWER-1:bonus~0")
            let message = try await predicament(bench).message
            #expect(message.contains("custodian, SG-TOWER-1:bonus~0: the ledger has nothing"), "\(message)")
        }
    }

    /// Submits the offering; once its investors are being funded, the custodian moves a dollar under a reference.
    private static func submit(_ bench: SettlementBench, movingOneDollarAs reference: String) async throws {
        try await bench.submit()
        try await bench.until(.waiting, cause: .awaitingChildren)
        let now = bench.clock.now()
        let order = SandboxOrder(
            operation: "transfer", facts: ["asset": "SGD", "amount": "1.00", "from": "DEP-2", "to": "ISS-1"])
        bench.world.change { world in
            world.deposit("1.00", "SGD", into: "DEP-2", at: Parties.custodian)
            _ = world.deliver(order, reference: reference, to: Parties.custodian, at: now)
        }
    }
}
