internal import SagaEngine

/// Rows of a search as the API shows them, each with what is stuck below it: a whole that waits for its children looks
/// well although one of them needs a person.
enum SagaListing {
    /// The rows, in their order. Only those with open children are looked below, and there the stuck ones are indexed.
    static func json(_ rows: [SagaRow], in archive: any SagaArchive) async throws -> JSONValue {
        var listed: [JSONValue] = []
        for row in rows {
            listed.append(SagaJSON.row(row).adding(("stuck_below", .count(try await stuck(below: row, in: archive)))))
        }
        return .array(listed)
    }

    private static func stuck(below row: SagaRow, in archive: any SagaArchive) async throws -> Int {
        guard row.openChildren > 0 else { return 0 }
        let found = try await archive.search(SagaQuery(status: .stuck, under: row.id, limit: 0)).total
        return row.standing.status == .stuck ? found - 1 : found
    }
}
