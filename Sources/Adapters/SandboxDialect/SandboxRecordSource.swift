/// Where a sandbox counterparty's orders are read back from: over HTTP, or from the model in process.
protocol SandboxRecordSource: Sendable {
    /// What is known about some references, at most a page of them, in any order.
    func records(of references: [String]) async throws(SandboxReadError) -> [SandboxRecord]

    /// A page of the orders whose references are of a family, and where the next one begins.
    func records(
        under family: String, after place: String?
    ) async throws(SandboxReadError) -> (page: [SandboxRecord], next: String?)
}

extension SandboxBooksReader: SandboxRecordSource {}
