import Adapters
import SagaEngine
import SagaTestKit
import Testing

@testable import SettlementFlows

@Suite struct PreflightTests {
    private let clock = SimulatedClock()

    /// One investor who paid 30.00 into an account that holds as much as told, of which another offering has a claim;
    /// `nil` is an account that is not there.
    private func check(
        holding balance: String?, claimed: Int128, isEarlier: Bool = true, isMoving: Bool, movesLater: Bool = false,
        taken: Int128 = 0, currency: Currency = .sgd
    ) async throws {
        let book = try MemoryOfferingBook(
            offering: SampleTerms(price: "10.00").offering(after: clock.now()), units: [("INV-1", 3)])
        let world = MockWorld(clock: clock)
        world.change { world in
            for account in ["ISS-1", "TRE-1", "DEP-1", "TOK-1"] { world.open(account, at: Parties.custodian) }
            if let balance { world.deposit(balance, "SGD", into: "ESC-1", at: Parties.custodian) }
        }
        let other = try Offering(
            id: OfferingID("SG-OTHER"), name: "Other", unitPrice: Money(currency, minorUnits: 100),
            unitsOffered: Units(9), minimumUnits: Units(1), issuerAccount: AccountID("ISS-1"),
            treasuryAccount: AccountID("TRE-1"), tokenAsset: AssetID("DABS-OTHER"), refundTo: .deposit,
            closesAt: clock.now(), allotmentAt: clock.now(), timeZone: "Asia/Singapore")
        let left = try JournalEncoder().encode(
            PostingSet(
                offering: other.id, event: .returned, investor: InvestorID("INV-9"),
                legs: [PostingSet.Leg(.refunded, "SGD", taken)]))
        let books = MockSettlementBooks(world: world) {
            [MockSettlementBooks.Line(key: "SG-OTHER/INV-9", body: left)]
        }
        let neighbours = OneNeighbour(
            looks: [isMoving, isMoving || movesLater].map {
                NeighbourOffering(offering: other, isEarlier: isEarlier, isMoving: $0)
            },
            claim: EscrowClaim(
                account: try AccountID("ESC-1"), investor: try InvestorID("INV-9"),
                paid: Money(currency, minorUnits: claimed)))
        let summary = try await book.allot(book.offering.id, input: book.sealed.input)
        _ = try await Preflight(
            surveyor: Surveyor(sealed: book.sealed, book: book, books: books), neighbours: neighbours
        ).check(summary)
    }

    @Test func `an account that covers both is enough, to the cent`() async throws {
        try await check(holding: "50.00", claimed: 2_000, isMoving: false)
        await #expect(throws: Halt.self) { try await check(holding: "49.99", claimed: 2_000, isMoving: false) }
    }

    @Test func `an account that is not there is one difficulty`() async throws {
        let halt = await #expect(throws: Halt.self) { try await check(holding: nil, claimed: 0, isMoving: false) }
        let message = halt?.message ?? ""
        #expect(message.hasPrefix("1 difficulty: INV-1's escrow account ESC-1 does not exist"), "\(message)")
    }

    @Test func `an offering that moves its money is waited for, by its name`() async throws {
        let wait = await #expect(throws: RivalsMove.self) {
            try await check(holding: "49.99", claimed: 2_000, isMoving: true)
        }
        #expect(
            wait?.description
                == "1 difficulty: INV-1's escrow account ESC-1 holds 49.99 SGD, of which 20.00 SGD are for offering "
                + "SG-OTHER (INV-9), so the 30.00 SGD paid here are not covered")
    }

    @Test func `what it has taken already it does not take again`() async throws {
        try await check(holding: "30.00", claimed: 2_000, isMoving: true, taken: 2_000)
        try await check(holding: "35.00", claimed: 2_000, isMoving: true, taken: 1_500)
        await #expect(throws: RivalsMove.self) {
            try await check(holding: "34.99", claimed: 2_000, isMoving: true, taken: 1_500)
        }
    }

    @Test func `waiting helps nobody whose own money is missing`() async throws {
        await #expect(throws: Halt.self) { try await check(holding: "29.99", claimed: 2_000, isMoving: true) }
    }

    @Test func `a later offering comes first only once it moves`() async throws {
        try await check(holding: "30.00", claimed: 2_000, isEarlier: false, isMoving: false)
        await #expect(throws: RivalsMove.self) {
            try await check(holding: "30.00", claimed: 2_000, isEarlier: false, isMoving: true)
        }
    }

    @Test func `an offering that begins to move while the accounts are looked at is waited for`() async throws {
        await #expect(throws: RivalsMove.self) {
            try await check(holding: "49.99", claimed: 2_000, isMoving: false, movesLater: true)
        }
    }

    @Test func `a claim in another currency is on other money`() async throws {
        try await check(holding: "30.00", claimed: 2_000, isMoving: false, currency: .usd)
    }
}

/// One other offering with one line, as it is found at one look after the other.
private final class OneNeighbour: OfferingNeighbours {
    private let looks: Locked<[NeighbourOffering]>
    private let claim: EscrowClaim

    init(looks: [NeighbourOffering], claim: EscrowClaim) {
        self.looks = Locked(looks)
        self.claim = claim
    }

    func unsettled(besides offering: OfferingID) async throws(OfferingBookError) -> [NeighbourOffering] {
        looks.withLock { $0.count > 1 ? [$0.removeFirst()] : $0 }
    }

    func claims(
        of neighbour: OfferingID, on accounts: [AccountID]
    ) async throws(OfferingBookError) -> [EscrowClaim] {
        accounts.contains(claim.account) ? [claim] : []
    }
}
