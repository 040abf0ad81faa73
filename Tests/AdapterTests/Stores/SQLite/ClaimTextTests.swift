import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

@Suite struct ClaimTextTests {
    private static let facts: Facts = ["amount": "1.00", "näme:": "7:seven\n\"é\"", "": ""]
    static let claims: [Notice.Claim] = [
        Notice.Claim(reference: "r", verdict: .settled, facts: [:]),
        Notice.Claim(reference: "r", verdict: .settled, facts: facts),
        Notice.Claim(
            reference: "r", verdict: .refused(RefusalReason(code: "frozen", message: "a \"word\": \\ é")), facts: facts),
        Notice.Claim(reference: "r", verdict: .progress(String(repeating: "x", count: 1_234)), facts: facts),
    ]
    static let named: [Notice.Claim] = claims.flatMap { claim in
        [("mint", "T-1"), ("mint", nil), (nil, "T-1")].map { operation, receiptID in
            Notice.Claim(
                reference: "r", verdict: claim.verdict, facts: claim.facts, operation: operation, receiptID: receiptID)
        }
    }

    private static func read(_ bytes: [UInt8]) -> Notice.Claim? {
        bytes.withUnsafeBytes { ClaimText.read($0, reference: "r") }
    }

    @Test(arguments: claims + named)
    func `a claim comes back as it was written`(_ claim: Notice.Claim) {
        #expect(Self.read(ClaimText.write(claim)) == claim)
    }

    @Test func `the text can be read by people`() {
        let claim = Notice.Claim(reference: "r", verdict: .settled, facts: ["amount": "1.00"])
        #expect(String(decoding: ClaimText.write(claim), as: UTF8.self) == "s6:amount4:1.00")
        let named = Notice.Claim(
            reference: "r", verdict: .settled, facts: ["amount": "1.00"], operation: "mint", receiptID: "T-1")
        #expect(String(decoding: ClaimText.write(named), as: UTF8.self) == "S4:mint3:T-16:amount4:1.00")
    }

    @Test(arguments: claims + named)
    func `what is cut short anywhere holds no claim, or one with fewer facts`(_ claim: Notice.Claim) throws {
        let whole = ClaimText.write(claim)
        for count in 0..<whole.count {
            guard let read = Self.read(Array(whole[..<count])) else { continue }
            #expect(read.facts.pairs.count < claim.facts.pairs.count)
            #expect(read.verdict == claim.verdict)
        }
    }

    @Test(arguments: [
        "", "x", "{\"verdict\":{}}", "S", "S4:mint", "X0:0:", "s1", "s:", "s1:a", "s-1:a", "s99999999999999999999999:a",
        "s3:ab1:",
    ])
    func `what is no claim is not read as one`(_ text: String) {
        #expect(Self.read(Array(text.utf8)) == nil)
    }

    @Test func `claims stored as JSON are read after the migration`() async throws {
        let folder = try ScratchFolder()
        do {
            let connection = try SQLiteConnection(path: folder.database)
            _ = try SQLiteSchema.migrate(connection, upTo: 6)
            try connection.run("INSERT INTO name VALUES(1, 'bank')")
            for (number, claim) in Self.claims.enumerated() {
                let json = try JournalEncoder().encode(ClaimOfSchema6(verdict: claim.verdict, facts: claim.facts))
                try connection.run(
                    "INSERT INTO notice VALUES(?, 5, NULL, 1, 0, 0, ?, 'r', ?, '', x'')", .integer(Int64(number + 1)),
                    .text("n-\(number)"), .blob(json))
            }
        }
        let store = try await SQLiteStore.open(folder.configuration())
        let notices = try await store.notices(NoticeQuery(limit: 9))
        #expect(notices.reversed().map(\.notice.claim) == Self.claims)
        await store.close()
    }
}

private struct ClaimOfSchema6: Codable {
    let verdict: Notice.Verdict
    let facts: Facts
}
