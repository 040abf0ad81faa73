import Adapters
import Foundation
import SettlementFlows
import Testing

@Suite struct InvestorAccountsTests {
    private static let header =
        "investor_id,name,email,escrow_account,deposit_account,token_account,token_address,bank_account,bank_bic\n"

    /// A file of investors with these escrow, deposit and token accounts, one investor a line.
    private static func file(_ accounts: [String]) -> String {
        header
            + accounts.enumerated().map { index, names in
                "I-\(index),N,,\(names),0x000000000000000000000000000000000000000\(index),1,\n"
            }.joined()
    }

    /// Loads and seals an offering of the issuer's account ISS and the treasury TRE in every kind of tables; answers
    /// with the fault, which is the same in each.
    private func fault(_ accounts: [String]) async throws -> String? {
        var faults: [String?] = []
        for kind in TableKind.here {
            try await kind.use { faults.append(try await fault(accounts, in: OfferingTables(on: $0))) }
        }
        #expect(Set(faults).count == 1)
        return try #require(faults.first)
    }

    private func fault(_ accounts: [String], in book: any OfferingBook) async throws -> String? {
        let draft = try OfferingDraft(offered: 10)
        let loader = OfferingLoader(book: book)
        do {
            _ = try await loader.load(.investors, of: draft.offering.id, from: chunks(Self.file(accounts)))
            let log = OfferingPart.subscriptions.columns.joined(separator: ",")
            _ = try await loader.load(.subscriptions, of: draft.offering.id, from: chunks(log))
            _ = try await book.seal(draft.offering, investors: .required)
            return nil
        } catch OfferingBookError.badRows(let faults) {
            return faults.description
        }
    }

    private func chunks(_ text: String) -> AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            continuation.yield(Array(text.utf8))
            continuation.finish()
        }
    }

    private static let purpose = "an account has one purpose and one investor"
    private static let own = "an investor has accounts of their own"

    @Test(arguments: [
        (["E0,D0,T0", "E1,D1,E0"], "3:6: token_account is the escrow_account of line 2"),
        (["E0,D0,T0", "T0,D1,T1"], "3:4: escrow_account is the token_account of line 2"),
        (["E0,D0,T0", "E1,D1,T1", "E2,T1,T2"], "4:5: deposit_account is the token_account of line 3"),
        (["E0,D0,T0", "E1,E2,T1", "E2,D2,T2"], "4:4: escrow_account is the deposit_account of line 3"),
    ])
    func `an account that another investor has for something else is refused at its later place`(
        accounts: [String], fault: String
    ) async throws {
        #expect(try await self.fault(accounts) == "investors:\(fault); \(Self.purpose)")
    }

    @Test(arguments: [
        ("A0,A0,T0", "2:5: deposit_account is the escrow_account of the same line"),
        ("A0,D0,A0", "2:6: token_account is the escrow_account of the same line"),
    ])
    func `an escrow account that is the investor's own, too, is refused`(account: String, fault: String) async throws {
        #expect(try await self.fault([account]) == "investors:\(fault); \(Self.purpose)")
    }

    @Test func `one account for an investor's own money and units is allowed, and theirs alone`() async throws {
        #expect(try await fault(["E0,A0,A0", "E1,A1,A1"]) == nil)
        let token = "investors:3:6: token_account is the deposit_account of line 2; \(Self.purpose)"
        #expect(try await fault(["E0,A0,A0", "E1,D1,A0"]) == token)
        let escrow = "investors:3:4: escrow_account is the deposit_account of line 2; \(Self.purpose)"
        #expect(try await fault(["E0,A0,A0", "A0,D1,T1"]) == escrow)
    }

    @Test func `where names intermingle, two investors with one account are still told as that`() async throws {
        let shared = "investors:4:5: deposit_account is the one of line 2; no two investors may share an account"
        #expect(try await fault(["X5,X3,X1", "X2,X4,X6", "X7,X3,X0"]) == shared)
        #expect(try await fault(["X5,X3,X1", "X2,X4,X6", "X7,X8,X0"]) == nil)
    }

    @Test func `an investor's account that is the issuer's or the treasury's is refused, each with its place`()
        async throws
    {
        let faults = [
            "investors:3:4: escrow_account is the issuer_account of the offering; \(Self.own)",
            "investors:5:6: token_account is the treasury_account of the offering; \(Self.own)",
        ]
        let file = ["E0,D0,T0", "ISS,D1,T1", "E2,D2,iss", "E3,D3,TRE"]
        #expect(try await fault(file) == faults.joined(separator: "; "))
        let deposit = "investors:2:5: deposit_account is the treasury_account of the offering; \(Self.own)"
        #expect(try await fault(["E0,TRE,TRE"]) == deposit)
    }

    @Test(arguments: ["sg-tower-1k", "sg-tower-under", "sg-tower-failing", "sg-tower-hard"])
    func `the example offerings are loaded and sealed`(name: String) async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/offerings/\(name)").path
        let offering = try OfferingFile.read(
            await FileReader(path: folder + "/offering.json").all(limit: OfferingFile.largestBytes))
        let book = try await OfferingTables.temporary()
        let loader = OfferingLoader(book: book)
        for part in OfferingPart.allCases {
            let file = FileChunks(path: "\(folder)/\(part.rawValue).csv")
            #expect(try await loader.load(part, of: offering.id, from: file).rows > 0)
        }
        _ = try await book.seal(offering, investors: .required)
    }
}
