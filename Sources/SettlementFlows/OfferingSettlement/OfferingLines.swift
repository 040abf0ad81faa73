public import SagaEngine

/// The published lines of an offering with its terms, page by page, as the elements that child sagas are started for.
public struct OfferingLines: ElementSource {
    private let offering: Offering
    private let lines: AllotmentLines

    /// The lines of an allotment.
    public init(of summary: AllotmentSummary, in sealed: SealedOffering, from book: any OfferingBook) {
        offering = sealed.offering
        lines = AllotmentLines(of: summary, in: book)
    }

    /// The digest of what was allotted from, and of all lines as published.
    public var digest: String { lines.digest }

    /// The lines after an investor, in byte order of their ids.
    public func page(after: ElementID?, limit: Int) async throws -> [SourceElement<OfferingLine>] {
        do {
            return try await lines.page(after: after, limit: limit).map { line in
                SourceElement(id: line.id, element: OfferingLine(line.element, of: offering))
            }
        } catch let error as OfferingBookError {
            throw error.asStageError
        }
    }
}
