import Adapters
import SagaEngine
import SagaTestKit
import Testing

@testable import SettlementFlows

@Suite struct ReadbackTests {
    private func books(_ count: Int) throws -> PlainBooks {
        let terms = SampleTerms(price: "1.00", offered: 1 << 40)
        // Unpadded ids, so that byte order is not the order of numbers.
        return PlainBooks(
            offering: try terms.offering(after: SimulatedClock().now()),
            units: (1...count).map { ("INV-\($0)", UInt64($0)) })
    }

    private func read(_ books: PlainBooks) async throws -> Readback.Reading {
        let book = try MemoryOfferingBook(offering: books.offering, units: books.units)
        let summary = try await book.allot(books.offering.id, input: book.sealed.input)
        let surveyor = Surveyor(sealed: book.sealed, book: book, books: books)
        return try await Readback(surveyor: surveyor, summary: summary, way: .settled)
            .read(try await books.ledger(of: books.offering.id))
    }

    private func stray(_ name: String) -> BookMovement {
        BookMovement(
            reference: "SG-TOWER-1/\(name)", asset: "SGD", amount: "1.00", from: "A", to: "B", isSettled: true)
    }

    @Test(arguments: [1, Readback.page - 1, Readback.page, Readback.page + 1, 3 * Readback.page + 1])
    func `every line is read, whatever pages they come to`(count: Int) async throws {
        let reading = try await read(try books(count))
        let total = Int128(count * (count + 1) / 2)
        #expect(reading.lines == count)
        #expect(reading.differences == 0)
        #expect(reading.sums.custodyIssuer == total * 100)
        #expect(reading.sums.custodyEscrow == total * -100)
        #expect(reading.sums.custodyTreasury == 0)
        #expect(reading.sums.custodyUnits == total)
        #expect(reading.sums.chainEscrow == total * -100)
        #expect(reading.sums.chainIssued == total)
        #expect(reading.sums.chainUnits == total)
    }

    @Test func `as many differences as may be named are named, and all are counted`() async throws {
        var books = try books(900)
        for number in 1...30 { books.misstated["SG-TOWER-1/fund/INV-\(number)/transfer"] = .some(nil) }
        let reading = try await read(books)
        #expect(reading.differences == 30)
        #expect(reading.first.count == Readback.named)
        #expect(
            reading.first.contains(
                "custodian, SG-TOWER-1/fund/INV-1/transfer: the ledger has 1.00 SGD from ESC-1 to ISS-1, the custodian "
                    + "has nothing (0 SGD)"))
    }

    @Test func `a right amount of another asset, or none that can be read, is a difference`() async throws {
        var books = try books(3)
        for (number, asset, amount) in [(1, "USD", "1.00"), (2, "SGD", "2.001"), (3, "SGD", "a lot")] {
            let reference = "SG-TOWER-1/fund/INV-\(number)/transfer"
            books.misstated[reference] = BookMovement(
                reference: reference, asset: asset, amount: amount, from: "ESC-\(number)", to: "ISS-1", isSettled: true)
        }
        #expect(try await read(books).differences == 3)
    }

    @Test func `a movement from or to an account that only looks the same is a difference`() async throws {
        let (composed, decomposed) = ("ISS-caf\u{E9}", "ISS-cafe\u{301}")
        func agrees(_ from: String, _ to: String) throws -> Bool {
            let effect = BookEffect(
                party: Parties.custodian, saga: try #require(SagaID(rawValue: "S")), stage: StageName(rawValue: "s"))
            let expected = ExpectedMovement(
                .transfer, effect, try Money(.sgd, text: "1.00"), from: try AccountID(composed), to: composed)
            let found = BookMovement(
                reference: "S/s", asset: "SGD", amount: "1.00", from: from, to: to, isSettled: true)
            return expected.difference(from: .moved(found), in: .sgd) == nil
        }
        #expect(try agrees(composed, composed))
        #expect(try !agrees(decomposed, composed))
        #expect(try !agrees(composed, decomposed))
    }

    @Test func `what is listed and not known is found among many, at each party`() async throws {
        var books = try books(900)
        for party in [Parties.custodian, Parties.blockchain, Parties.bank] {
            books.extra.append((party, stray("bonus-\(party)")))
        }
        let reading = try await read(books)
        #expect(reading.differences == 3)
        for party in ["custodian", "blockchain", "bank"] {
            let words = "\(party), SG-TOWER-1/bonus-\(party): the ledger has nothing (0 SGD), the \(party) has 1.00 SGD"
            #expect(reading.first.contains { $0.hasPrefix(words) })
        }
    }

    @Test func `a listing without a movement is behind, and one with another in its stead is wrong`() async throws {
        var books = try books(900)
        books.unlisted = ["SG-TOWER-1/fund/INV-7/transfer"]
        let lag = await #expect(throws: ListingLag.self) { try await read(books) }
        #expect(lag?.description == "the books of the custodian are behind: 1800 of 1801 movements are listed so far")
        books.extra = [(Parties.custodian, stray("bonus"))]
        #expect(try await read(books).differences == 1)
    }

    @Test func `a movement that is listed twice under one reference is named with both ids, and not waited for`()
        async throws
    {
        var books = try books(900)
        let reference = "SG-TOWER-1/fund/INV-7/transfer"
        func movement(_ id: String?, to account: String = "ISS-1") -> BookMovement {
            BookMovement(
                reference: reference, id: id, asset: "SGD", amount: "7.00", from: "ESC-7", to: account, isSettled: true)
        }
        books.misstated[reference] = movement("T-1")
        books.again = [(Parties.custodian, movement("T-2"))]
        let reading = try await read(books)
        #expect(reading.differences == 1)
        #expect(
            reading.first == [
                "custodian, \(reference): the ledger has one movement, the custodian has listed two: 7.00 SGD from ESC-7 "
                    + "to ISS-1 under its id T-1 and 7.00 SGD from ESC-7 to ISS-1 under its id T-2"
            ])
        // Also where something else is not listed yet, which alone would be waited for.
        books.unlisted = ["SG-TOWER-1/fund/INV-8/transfer"]
        #expect(try await read(books).differences == 1)
        books.again = [(Parties.custodian, movement(nil))]
        #expect(try await read(books).first.first?.hasSuffix("and 7.00 SGD from ESC-7 to ISS-1") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a listing that goes on at the page that was just read is not read for ever`() async throws {
        var books = try books(3)
        books.goesRound = true
        let halt = await #expect(throws: Halt.self) { try await read(books) }
        #expect(halt?.code == "books_incomplete")
        #expect(halt?.message.contains("the listing of the custodian goes on at 0 after that very page") == true)
    }
}
