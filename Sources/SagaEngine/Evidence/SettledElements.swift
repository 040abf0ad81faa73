/// The elements that a proof covers and that were not taken out, read back page by page from their sagas.
public struct SettledElements<Element: Codable & Sendable & Tallied>: ElementSource {
    private let proof: AllSettled<Element>
    private let archive: any SagaArchive

    /// The digest of the proof.
    public var digest: String { proof.digest }

    init(proof: AllSettled<Element>, archive: any SagaArchive) {
        self.proof = proof
        self.archive = archive
    }

    /// The elements after a name, in ascending order.
    public func page(after: ElementID?, limit: Int) async throws -> [SourceElement<Element>] {
        var elements: [SourceElement<Element>] = []
        var cursor = after
        while elements.count < limit {
            let rows = try await archive.children(
                of: proof.address.saga, stage: proof.address.stage, after: cursor, limit: limit)
            for row in rows {
                guard let output = row.output, let id = row.origin?.element else { continue }
                cursor = id
                let element = try JournalDecoder().decode(Element.self, from: output)
                if !element.tally.excluded { elements.append(SourceElement(id: id, element: element)) }
                if elements.count == limit { break }
            }
            if rows.count < limit { break }
        }
        return elements
    }
}
