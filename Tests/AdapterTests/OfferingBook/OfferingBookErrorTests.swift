import SagaEngine
import SettlementFlows
import Testing

@testable import Adapters

@Suite struct OfferingBookErrorTests {
    @Test func `what may pass at the tables may pass in the book`() {
        let sqlite: [any TableError] = (1...26).map { SQLiteError(extendedCode: $0, operation: "", detail: "") }
        let kinds: [PostgresError.Kind] = [
            .connection, .contention, .stale, .duplicate, .readOnly, .resources, .damage, .schema, .guarded, .other,
        ]
        let postgres: [any TableError] = kinds.map { PostgresError($0, "") }
        #expect((sqlite + postgres).contains { $0.isPassing })
        for error in sqlite + postgres {
            #expect(OfferingBookError(failureOf: error).isPassing == error.isPassing, "\(error.code)")
        }
        for code in StoreError.Code.allCases {
            #expect(OfferingBookError(failureOf: StoreError(code, "")).isPassing == (code == .unavailable))
        }
        #expect(!OfferingBookError(failureOf: OfferingBookDamage(table: "")).isPassing)
    }
}
