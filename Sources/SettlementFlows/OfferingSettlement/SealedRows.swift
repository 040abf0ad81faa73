internal import SagaEngine

/// Holds the rows of an offering against the digests in its journal, once, before anything is done on their word.
///
/// The journal is sealed; the rows beside it are not, and whoever can write the database can put other accounts there.
final class SealedRows: Sendable {
    private let summary: AllotmentSummary
    private let sealed: SealedOffering
    private let book: any OfferingBook
    private let isChecked = Locked(false)

    /// The rows that an allotment was published over.
    init(of summary: AllotmentSummary, in sealed: SealedOffering, from book: any OfferingBook) {
        self.summary = summary
        self.sealed = sealed
        self.book = book
    }

    /// Reads all of them, unless they were as they should be before.
    ///
    /// - Throws: ``Halt`` with both digests when they are not those that were sealed and published.
    func check() async throws {
        guard !isChecked.withLock({ $0 }) else { return }
        let id = sealed.offering.id
        let digests = try await digests(of: id)
        let differences = [
            ("terms and investors", digests.input, sealed.input), ("lines", digests.lines, summary.linesDigest),
        ].filter { $0.1 != $0.2 }.map { "the digest of its \($0.0) is \($0.1) now and \($0.2) in the journal" }
        guard differences.isEmpty else {
            throw Halt(
                code: "rows_changed",
                message: "the rows of offering \(id) in the database are not those that were sealed: "
                    + differences.joined(separator: ", and ")
                    + "; nothing is sent on their word: put the rows back as they were, by "
                    + "docs/operating/recovering.md, and resume")
        }
        isChecked.withLock { $0 = true }
    }

    private func digests(of offering: OfferingID) async throws -> RowDigests {
        do throws(OfferingBookError) {
            return try await book.digests(of: offering, input: sealed.input)
        } catch {
            throw error.asStageError
        }
    }
}
