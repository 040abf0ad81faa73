public import SagaEngine

/// The published lines of an offering with its terms, page by page, as the elements that child sagas are started for.
///
/// Before the first line is handed out all rows are held against the digests that were published.
public struct OfferingLines: ElementSource {
    private let offering: Offering
    private let lines: AllotmentLines
    private let rows: SealedRows

    /// The lines of an allotment.
    public init(of summary: AllotmentSummary, in sealed: SealedOffering, from book: any OfferingBook) {
        offering = sealed.offering
        lines = AllotmentLines(of: summary, in: book)
        rows = SealedRows(of: summary, in: sealed, from: book)
    }

    /// The digest of what was allotted from, and of all lines as published.
    public var digest: String { lines.digest }

    /// The lines after an investor, in byte order of their ids.
    ///
    /// - Throws: ``Halt`` when a row was changed after it was sealed.
    public func page(after: ElementID?, limit: Int) async throws -> [SourceElement<OfferingLine>] {
        try await rows.check()
        do {
            return try await lines.page(after: after, limit: limit).map { line in
                SourceElement(id: line.id, element: OfferingLine(line.element, of: offering))
            }
        } catch let error as OfferingBookError {
            throw error.asStageError
        }
    }
}
