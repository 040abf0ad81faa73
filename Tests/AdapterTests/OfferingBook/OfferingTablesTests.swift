import Adapters
import SagaEngine
import SettlementFlows
import Testing

/// What an offering book keeps to, on every kind of database.
@Suite struct OfferingTablesTests {
    private func allotments(
        _ book: any OfferingBook, _ offering: OfferingID, _ input: ContentDigest, pageRows: Int = 3
    ) async throws -> [InvestorAllotment] {
        var lines: [InvestorAllotment] = []
        while true {
            let page = try await book.allotments(
                of: offering, input: input, after: lines.last?.investor, limit: pageRows)
            if page.isEmpty { return lines }
            lines += page
        }
    }

    private static func oversubscribed(id: String = "SG-1") throws -> OfferingDraft {
        var draft = try OfferingDraft(id: id, offered: 10)
        for name in ["C", "A", "B"] { try draft.invest(name) }
        try draft.log("S1", "B", at: 10, .apply, 7)
        try draft.log("S2", "A", at: 20, .apply, 7)
        try draft.log("S3", "C", at: 30, .apply, 5)
        try draft.log("S3", "C", at: 40, .amend, 7)
        try draft.log("S4", "A", at: 50, .apply, 9)
        try draft.log("S4", "A", at: 60, .cancel, 0)
        return draft
    }

    @Test(arguments: TableKind.here)
    func `lines carry their working, their money and their accounts`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let input = try await draft.seal(in: book)
            let summary = try await book.allot(draft.offering.id, input: input)
            #expect(summary.outcome == .prorated)
            #expect(summary.investors == 3)
            #expect(summary.subscribed == Units(21))
            #expect(summary.allotted == Units(10))
            #expect(summary.leftOver == Units(1))
            #expect(try summary.payable.adding(summary.refund) == summary.paid)
            let lines = try await book.lines(of: draft.offering.id, input: input, after: nil, limit: 10)
            #expect(lines.map(\.investor.rawValue) == ["A", "B", "C"])
            #expect(lines.map(\.allotment.allotted.count) == [3, 4, 3])
            #expect(lines.map { $0.allotment.working?.rank } == [2, 1, 3])
            #expect(lines[1].allotment.working?.quotient == Units(3))
            #expect(lines[1].allotment.working?.remainder == Units(7))
            #expect(lines[1].accounts.escrow.rawValue == "ESC-B")
            let line = try await book.line(of: InvestorID("B"), in: draft.offering.id, input: input)
            #expect(line == lines[1])
            #expect(try await book.line(of: InvestorID("X"), in: draft.offering.id, input: input) == nil)
            #expect(try await book.investor(InvestorID("B"), in: draft.offering.id, input: input)?.name == "Name B")
        }
    }

    @Test(arguments: TableKind.here, 0..<40)
    func `pages and memory come to the same lines, with many ties`(in kind: TableKind, seed: UInt64) async throws {
        var generator = SplitMix64(seed: seed)
        let count = Int(generator.next() % 60) + 1
        var draft = try OfferingDraft(offered: UInt128(generator.next() % 400) + 1)
        var live: [String: (units: UInt64, since: Int64, investor: String)] = [:]
        var time: Int64 = 0
        for number in 0..<count * 3 {
            time += Int64(generator.next() % 2)
            let known = live.keys.sorted()
            let roll = generator.next() % 10
            if roll < 6 || known.isEmpty {
                let investor = "I\(generator.next() % UInt64(count))"
                // Few sizes and a slow clock, so that remainders and times tie; now and then units beyond 2^53.
                let units = generator.next() % 30 == 0 ? UInt64.max - generator.next() % 3 : generator.next() % 4 + 1
                try draft.log("S\(number)", investor, at: time, .apply, units)
                live["S\(number)"] = (units, time, investor)
            } else {
                let subscription = known[Int(generator.next() % UInt64(known.count))]
                guard let entry = live[subscription] else { continue }
                let units = generator.next() % 4 + 1
                try draft.log(subscription, entry.investor, at: time, roll < 8 ? .amend : .cancel, roll < 8 ? units : 0)
                live[subscription] = roll < 8 ? (units, entry.since, entry.investor) : nil
            }
        }
        var demands: [String: Demand] = [:]
        for entry in live.values {
            let before = demands[entry.investor]
            demands[entry.investor] = Demand(
                investor: try InvestorID(entry.investor),
                units: Units((before?.units.count ?? 0) + UInt128(entry.units)),
                since: min(before?.since ?? Timestamp(milliseconds: .max), Timestamp(milliseconds: entry.since)))
        }
        let sorted = demands.values.sorted { $0.investor < $1.investor }
        let expected = try ProRata.allot(sorted, supply: draft.offering.unitsOffered)
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let input = try await draft.seal(in: book)
            _ = try await book.allot(draft.offering.id, input: input)
            let lines = try await allotments(book, draft.offering.id, input)
            #expect(lines.map(\.investor) == expected.map(\.investor))
            #expect(lines.map(\.subscribed) == sorted.map(\.units))
            #expect(lines.map(\.allotted) == expected.map(\.allotted))
            #expect(lines.map { $0.working?.rank } == expected.map(\.rank))
            #expect(lines.map { $0.working?.remainder.count } == expected.map { $0.share?.remainder })
        }
    }

    @Test(arguments: TableKind.here)
    func `an allotment larger than a page is whole`(in kind: TableKind) async throws {
        var draft = try OfferingDraft(offered: 7_000)
        for number in 0..<9_000 { try draft.log("S\(number)", "I\(number)", at: 1, .apply, 1) }
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let input = try await draft.seal(in: book, pageRows: 4_000)
            let summary = try await book.allot(draft.offering.id, input: input)
            #expect(summary.investors == 9_000)
            #expect(summary.allotted == Units(7_000))
            let lines = try await allotments(book, draft.offering.id, input, pageRows: 2_500)
            #expect(lines.count == 9_000)
            #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.investor < $1.investor })
            // Equal remainders and times: the lower ids in byte order get the units.
            #expect(lines.prefix(7_000).allSatisfy { $0.allotted == Units(1) })
            #expect(lines.suffix(2_000).allSatisfy { $0.allotted == .zero })
        }
    }

    @Test(arguments: TableKind.here)
    func `lines are a source of elements, whole and in order at any page size`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let input = try await draft.seal(in: book)
            let lines = AllotmentLines(of: try await book.allot(draft.offering.id, input: input), in: book)
            for limit in 1...4 {
                var seen: [SourceElement<AllotmentLine>] = []
                while true {
                    let page = try await lines.page(after: seen.last?.id, limit: limit)
                    seen += page
                    if page.count < limit { break }
                }
                #expect(seen.map(\.id.rawValue) == ["A", "B", "C"])
                #expect(seen.map(\.element.investor.rawValue) == ["A", "B", "C"])
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `what is published is never worked out again`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let input = try await draft.seal(in: book)
            let first = try await book.allot(draft.offering.id, input: input)
            _ = try await database.write(.bulk) {
                try $0.run("UPDATE offering_demand SET units = ?", .blob(Array(repeating: 0, count: 16)))
            }
            #expect(try await book.allot(draft.offering.id, input: input) == first)
        }
    }

    @Test(arguments: TableKind.here)
    func `an allotment that was cut off is done over, and shows nothing before it is published`(in kind: TableKind)
        async throws
    {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let input = try await draft.seal(in: book)
            _ = try await database.write(.bulk) {
                try $0.run(
                    """
                    INSERT INTO offering_line(book, investor_id, units, rank)
                    SELECT book, 'A', units, 1 FROM offering_demand LIMIT 1
                    """)
            }
            await #expect(throws: OfferingBookError.notAllotted(draft.offering.id)) {
                try await book.lines(of: draft.offering.id, input: input, after: nil, limit: 10)
            }
            #expect(try await book.allot(draft.offering.id, input: input).investors == 3)
        }
    }

    @Test(arguments: TableKind.here)
    func `tables that another hand has changed are found out, not published`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let input = try await draft.seal(in: book)
            _ = try await database.write(.bulk) { try $0.run("DELETE FROM offering_demand WHERE investor_id = 'A'") }
            await #expect(throws: OfferingBookError.storage(code: "book.damaged")) {
                try await book.allot(draft.offering.id, input: input)
            }
        }
    }

    @Test func `the book works on a connection whose owner is in a transaction`() async throws {
        let database = SQLiteThread.temporary(name: "book-test")
        let book = OfferingTables(on: database)
        try await book.createTables()
        try await database.perform { try $0.execute("BEGIN IMMEDIATE") }
        let draft = try Self.oversubscribed()
        let input = try await draft.seal(in: book)
        #expect(try await book.allot(draft.offering.id, input: input).investors == 3)
        try await database.perform { try $0.execute("COMMIT") }
        #expect(try await book.lines(of: draft.offering.id, input: input, after: nil, limit: 5).count == 3)
    }

    @Test(arguments: TableKind.here)
    func `nobody's terms are sealed over files that somebody else has loaded meanwhile`(
        in kind: TableKind
    ) async throws {
        try await kind.useTwice { database, beside in
            let (book, otherBook) = (OfferingTables(on: database), OfferingTables(on: beside))
            let draft = try Self.oversubscribed()
            var other = draft
            try other.log("S9", "A", at: 70, .apply, 1)
            try other.invest("Z")
            let id = draft.offering.id
            let own = try await draft.load(into: book)
            let theirs = try await other.load(into: otherBook)
            await #expect(throws: OfferingBookError.contentReplaced(id, [.investors, .subscriptions])) {
                try await book.seal(draft.offering, investors: .required, over: own)
            }
            #expect(try await book.sealed(id) == nil)
            // Half of each is neither's.
            let half = LoadedContent(investors: own.investors, subscriptions: theirs.subscriptions)
            await #expect(throws: OfferingBookError.contentReplaced(id, [.investors])) {
                try await book.seal(draft.offering, investors: .required, over: half)
            }
            let input = try await otherBook.seal(other.offering, investors: .required, over: theirs)
            await #expect(throws: OfferingBookError.contentDiffers(id, [.investors, .subscriptions])) {
                try await book.seal(draft.offering, investors: .required, over: own)
            }
            // Handed in again it stands as it is, whatever somebody has loaded since.
            _ = try await draft.load(into: book)
            #expect(try await otherBook.seal(other.offering, investors: .required, over: theirs) == input)
            _ = try await draft.load(into: book)
            await #expect(throws: OfferingBookError.contentDiffers(id, [.investors, .subscriptions])) {
                try await book.seal(draft.offering, investors: .required, over: own)
            }
            #expect(try await book.seal(other.offering, investors: .required) == input)
        }
    }

    @Test(arguments: TableKind.here)
    func `the same content seals to the same digest, and other content is refused`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let input = try await draft.seal(in: book)
            #expect(try await draft.seal(in: book, pageRows: 2) == input)
            #expect(try await book.seal(draft.offering, investors: .required) == input)
            #expect(try await book.sealed(draft.offering.id) == SealedOffering(offering: draft.offering, input: input))
            var other = draft
            try other.log("S9", "A", at: 70, .apply, 1)
            await #expect(throws: OfferingBookError.contentDiffers(draft.offering.id, [.subscriptions])) {
                try await other.seal(in: book)
            }
            var fewer = draft
            fewer.investors.removeLast()
            fewer.investors.removeAll()
            try fewer.invest("A")
            await #expect(throws: OfferingBookError.contentDiffers(draft.offering.id, [.investors])) {
                try await fewer.seal(in: book)
            }
            #expect(try await book.allot(draft.offering.id, input: input).investors == 3)
        }
    }

    @Test(arguments: TableKind.here)
    func `offerings in one book do not touch each other`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let first = try Self.oversubscribed()
            let second = try Self.oversubscribed(id: "SG-2")
            let firstInput = try await first.seal(in: book)
            let secondInput = try await second.seal(in: book)
            #expect(firstInput != secondInput)
            _ = try await book.allot(second.offering.id, input: secondInput)
            _ = try await book.allot(first.offering.id, input: firstInput)
            #expect(try await allotments(book, first.offering.id, firstInput).count == 3)
            #expect(try await allotments(book, second.offering.id, secondInput).count == 3)
            await #expect(throws: OfferingBookError.notSealed(first.offering.id)) {
                try await book.allot(first.offering.id, input: secondInput)
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `settlement needs investors, an allotment alone does not`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            var draft = try Self.oversubscribed()
            draft.investors = []
            let input = try await draft.seal(in: book)
            _ = try await book.allot(draft.offering.id, input: input)
            await #expect(throws: OfferingBookError.notLoaded(draft.offering.id, .investors)) {
                try await book.lines(of: draft.offering.id, input: input, after: nil, limit: 1)
            }
            await #expect(throws: OfferingBookError.notLoaded(draft.offering.id, .investors)) {
                try await book.seal(draft.offering, investors: .required)
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `a load that was given up leaves nothing, and cannot go on`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let load = try await book.beginLoad(of: draft.offering.id, part: .subscriptions)
            try await book.add(draft.events, to: load)
            try await book.abandon(load)
            await #expect(throws: OfferingBookError.loadGone(load)) { try await book.add(draft.events, to: load) }
            await #expect(throws: OfferingBookError.loadGone(load)) { try await book.finish(load) }
            await #expect(throws: OfferingBookError.notLoaded(draft.offering.id, .subscriptions)) {
                try await book.seal(draft.offering, investors: .optional)
            }
            try await book.tidy()
            let left = try await database.write(.bulk) {
                try $0.firstRow("SELECT (SELECT count(*) FROM offering_event) + (SELECT count(*) FROM offering_load)") {
                    $0.int64(0)
                }
            }
            #expect(left == 0)
        }
    }

    @Test(arguments: TableKind.here)
    func `a process that shares the tables leaves a load of another's alone`(in kind: TableKind) async throws {
        try await kind.use { database in
            let (loading, starting) = (OfferingTables(on: database), OfferingTables(on: database))
            let draft = try Self.oversubscribed()
            let load = try await loading.beginLoad(of: draft.offering.id, part: .subscriptions)
            try await loading.add(draft.events, to: load)
            try await starting.tidy()
            #expect(try await loading.finish(load).rows == draft.events.count)
            _ = try await starting.seal(draft.offering, investors: .optional)
        }
    }

    @Test(arguments: TableKind.here)
    func `an account that two investors have is refused with both lines, and nothing changes`(in kind: TableKind)
        async throws
    {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let input = try await draft.seal(in: book)
            var others = try OfferingDraft(offered: 10)
            for number in 0..<3_000 { try others.invest("I\(number)") }
            let shared = others.investors[2_998].row
            // Names are bytes: what Unicode takes for the same is another account.
            let accounts = InvestorAccounts(
                escrow: try AccountID("ESC-X"), deposit: shared.accounts.deposit, token: try AccountID("tok-I2998"),
                tokenAddress: shared.accounts.tokenAddress)
            let last = Investor(
                id: try InvestorID("Z"), name: "Z", email: "", accounts: accounts, bankAccount: "", bankBIC: "")
            let load = try await book.beginLoad(of: draft.offering.id, part: .investors)
            try await book.add(others.investors, to: load)
            try await book.add([Numbered(line: 3_005, row: last)], to: load)
            let fault = RowFault(
                part: .investors, line: 3_005, column: 5, kind: .duplicate,
                message: "deposit_account is the one of line 3000; no two investors may share an account")
            await #expect(throws: OfferingBookError.badRow(fault)) { try await book.finish(load) }
            #expect(try await book.seal(draft.offering, investors: .required) == input)
        }
    }

    @Test(arguments: TableKind.here)
    func `tidying removes workings and keeps what is published`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try Self.oversubscribed()
            let input = try await draft.seal(in: book)
            _ = try await draft.seal(in: book)
            _ = try await book.allot(draft.offering.id, input: input)
            let before = try await book.lines(of: draft.offering.id, input: input, after: nil, limit: 10)
            try await book.tidy()
            #expect(try await book.lines(of: draft.offering.id, input: input, after: nil, limit: 10) == before)
            let rows = try await database.write(.bulk) {
                try $0.firstRow("SELECT (SELECT count(*) FROM offering_working), (SELECT count(*) FROM offering_event)")
                {
                    [$0.int64(0), $0.int64(1)]
                }
            }
            #expect(rows == [0, 6])
        }
    }

    @Test(arguments: TableKind.here)
    func `a sum beyond 128 bits is refused`(in kind: TableKind) async throws {
        var draft = try OfferingDraft(offered: 1, price: .max)
        try draft.log("S", "A", at: 1, .apply, 2)
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let input = try await draft.seal(in: book)
            await #expect(throws: OfferingBookError.arithmetic(draft.offering.id, .overflow)) {
                try await book.allot(draft.offering.id, input: input)
            }
        }
    }
}

/// Numbers that a seed repeats.
private struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
