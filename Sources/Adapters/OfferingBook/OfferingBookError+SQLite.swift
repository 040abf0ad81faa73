internal import SettlementFlows

extension OfferingBookError {
    /// What a job on a book's tables failed with, as the port says it.
    init(failureOf error: any Error) {
        self =
            switch error {
            case let error as OfferingBookError: error
            case let error as SQLiteError: .storage(code: error.code)
            case is OfferingBookDamage: .storage(code: "book.damaged")
            default: .storage(code: "book.failed")
            }
    }
}
