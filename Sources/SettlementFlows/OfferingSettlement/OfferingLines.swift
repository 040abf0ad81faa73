public import SagaEngine

/// The published lines of an offering, page by page, as the elements that child sagas are started for.
public struct OfferingLines: ElementSource {
    /// The digest of all lines as published.
    public let digest: String
    private let sealed: SealedOffering
    private let book: any OfferingBook

    /// The lines of an allotment.
    public init(of summary: AllotmentSummary, in sealed: SealedOffering, from book: any OfferingBook) {
        digest = summary.linesDigest.rawValue
        self.sealed = sealed
        self.book = book
    }

    /// The lines after an investor, in byte order of their ids.
    public func page(after: ElementID?, limit: Int) async throws -> [SourceElement<OfferingLine>] {
        try await lines(after: after.flatMap { InvestorID(rawValue: $0.rawValue) }, limit: limit).map { line in
            guard let id = ElementID(rawValue: line.investor.rawValue) else {
                throw Halt(code: "line_unnamed", message: "\(line.investor) cannot name a saga")
            }
            return SourceElement(id: id, element: OfferingLine(line, of: sealed.offering))
        }
    }

    func lines(after: InvestorID?, limit: Int) async throws -> [AllotmentLine] {
        do throws(OfferingBookError) {
            return try await book.lines(of: sealed.offering.id, input: sealed.input, after: after, limit: limit)
        } catch {
            throw error.asStageError
        }
    }
}
