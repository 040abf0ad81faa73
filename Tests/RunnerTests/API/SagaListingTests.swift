import SagaEngine
import Testing

@testable import saga_runner

@Suite struct SagaListingTests {
    private func row(_ status: SagaStatus, openChildren: Int) throws -> SagaRow {
        SagaRow(
            number: 1, id: try #require(SagaID(rawValue: "A")), flow: FlowID(name: "f", version: 1), input: [],
            parent: nil, origin: nil, sequence: 1, head: .cut, standing: Standing(status: status), wakeAt: nil,
            openChildren: openChildren, output: nil, createdAt: Timestamp(milliseconds: 0),
            updatedAt: Timestamp(milliseconds: 0))
    }

    @Test func `a whole says how many are stuck below it, itself left out`() async throws {
        for (status, open, stuck) in [(SagaStatus.waiting, 5, Int64(3)), (.stuck, 5, 2), (.waiting, 0, 0)] {
            let listed = try await SagaListing.json([try row(status, openChildren: open)], in: ThreeStuck())
            #expect(listed.arrayValue?.first?["stuck_below"]?.integerValue == stuck, "\(status), \(open) open")
        }
    }
}

/// A store in which three sagas are stuck at or below `A`, and nothing else is known.
private struct ThreeStuck: SagaArchive {
    func row(of id: SagaID) async throws(StoreError) -> SagaRow? { nil }

    func journal(of id: SagaID, after sequence: Int, limit: Int) async throws(StoreError) -> [JournalEntry] { [] }

    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage {
        SagaPage(rows: [], total: query.status == .stuck && query.under?.rawValue == "A" ? 3 : 0)
    }

    func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] { [] }

    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus { SagaCensus(counts: [:], exposures: []) }

    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] { [] }

    func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] { [] }
}
