public import SagaEngine

/// The lines of a published allotment as the source of a stage's children, one per investor, read page by page.
public struct AllotmentLines: ElementSource {
    /// The allotment.
    public let summary: AllotmentSummary
    private let book: any OfferingBook

    /// The lines of an allotment that `book` has published for an offering sealed with its investors.
    public init(of summary: AllotmentSummary, in book: any OfferingBook) {
        self.summary = summary
        self.book = book
    }

    /// The input's digest, which covers the accounts, and the lines', which covers units, money and working.
    public var digest: String { "\(summary.inputDigest):\(summary.linesDigest)" }

    /// Up to `limit` lines after an investor; throws `OfferingBookError`.
    public func page(after: ElementID?, limit: Int) async throws -> [SourceElement<AllotmentLine>] {
        var elements: [SourceElement<AllotmentLine>] = []
        var last = try after.map { name throws(NameError) in try InvestorID(name.rawValue) }
        while elements.count < limit {
            // A book may hand out fewer than it is asked for; only an empty page is the end.
            let page = try await book.lines(
                of: summary.offering, input: summary.inputDigest, after: last, limit: limit - elements.count)
            guard let end = page.last else { break }
            last = end.investor
            for line in page {
                guard let id = ElementID(rawValue: line.investor.rawValue) else {
                    throw NameError(noun: InvestorID.noun, breach: .malformed)
                }
                elements.append(SourceElement(id: id, element: line))
            }
        }
        return elements
    }
}
