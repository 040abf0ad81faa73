import Adapters
import SagaEngine
import SettlementFlows
import Testing

/// The digests by which rows that were changed in the database are told from those that were sealed.
@Suite struct RowDigestsTests {
    private func draft() throws -> OfferingDraft {
        var draft = try OfferingDraft(id: "SG-1", offered: 10)
        for number in 1...9 {
            try draft.invest("I\(number)")
            try draft.log("S\(number)", "I\(number)", at: Int64(number), .apply, UInt64(number))
        }
        return draft
    }

    @Test(arguments: TableKind.here)
    func `rows as they were sealed have the digests that were published`(in kind: TableKind) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try draft()
            let input = try await draft.seal(in: book)
            let summary = try await book.allot(draft.offering.id, input: input)
            let digests = try await book.digests(of: draft.offering.id, input: input)
            #expect(digests == RowDigests(input: input, lines: summary.linesDigest))
        }
    }

    private static let edits = [
        "UPDATE offering_investor SET deposit_account = 'DEP-I2', token_account = 'TOK-I2' WHERE investor_id = 'I1'",
        "UPDATE offering_investor SET escrow_account = 'ESC-I2' WHERE investor_id = 'I1'",
        "UPDATE offering_investor SET token_address = '0xI2' WHERE investor_id = 'I1'",
        "UPDATE offering_investor SET bank_account = '2' WHERE investor_id = 'I9'",
        "UPDATE offering_investor_key SET row = row + 1 WHERE investor_id = 'I1'",
        "DELETE FROM offering_investor WHERE investor_id = 'I9'",
        "UPDATE offering_load SET digest = 'x' WHERE part = 'subscriptions'",
        "UPDATE offering_line SET rank = 10 - rank",
        "DELETE FROM offering_line WHERE investor_id = 'I5'",
    ]

    @Test(arguments: TableKind.here, edits)
    func `a row that was changed makes another digest`(in kind: TableKind, edit: String) async throws {
        try await kind.use { database in
            let book = OfferingTables(on: database)
            let draft = try draft()
            let input = try await draft.seal(in: book)
            let summary = try await book.allot(draft.offering.id, input: input)
            _ = try await database.write(.bulk) { try $0.run(edit) }
            let digests = try await book.digests(of: draft.offering.id, input: input)
            #expect(digests != RowDigests(input: input, lines: summary.linesDigest), "\(edit)")
        }
    }
}
