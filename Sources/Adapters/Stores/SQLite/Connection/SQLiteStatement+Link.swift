internal import SagaEngine

extension SQLiteStatement {
    /// The column (from 0) as a link of a chain.
    func link(_ column: Int32) -> ChainLink {
        withBytes(column) { ChainLink(stored: $0) } ?? .cut
    }
}
