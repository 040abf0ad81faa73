import Adapters
import SagaEngine
import SettlementFlows

/// Several sealed offerings side by side, each in a book of its own.
struct OfferingShelf: OfferingBook {
    private let books: [OfferingID: MemoryOfferingBook]

    init(_ books: [MemoryOfferingBook]) {
        self.books = Dictionary(books.map { ($0.offering.id, $0) }) { first, _ in first }
    }

    private func book(_ id: OfferingID) throws(OfferingBookError) -> MemoryOfferingBook {
        guard let book = books[id] else { throw .notSealed(id) }
        return book
    }

    func allot(_ id: OfferingID, input: ContentDigest) async throws(OfferingBookError) -> AllotmentSummary {
        try await book(id).allot(id, input: input)
    }

    func allotments(
        of id: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [InvestorAllotment] {
        try await book(id).allotments(of: id, input: input, after: after, limit: limit)
    }

    func lines(
        of id: OfferingID, input: ContentDigest, after: InvestorID?, limit: Int
    ) async throws(OfferingBookError) -> [AllotmentLine] {
        try await book(id).lines(of: id, input: input, after: after, limit: limit)
    }

    func digests(of id: OfferingID, input: ContentDigest) async throws(OfferingBookError) -> RowDigests {
        try await book(id).digests(of: id, input: input)
    }

    func line(
        of investor: InvestorID, in id: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> AllotmentLine? {
        try await book(id).line(of: investor, in: id, input: input)
    }

    func investor(
        _ id: InvestorID, in offering: OfferingID, input: ContentDigest
    ) async throws(OfferingBookError) -> Investor? {
        try await book(offering).investor(id, in: offering, input: input)
    }

    func sealed(_ id: OfferingID) async throws(OfferingBookError) -> SealedOffering? {
        try await book(id).sealed(id)
    }

    // Every book on the shelf is sealed, and refuses.

    func beginLoad(of offering: OfferingID, part: OfferingPart) async throws(OfferingBookError) -> LoadID {
        try await book(offering).beginLoad(of: offering, part: part)
    }

    func add(_ investors: [Numbered<Investor>], to load: LoadID) async throws(OfferingBookError) {
        throw .loadGone(load)
    }

    func add(_ events: [Numbered<SubscriptionEvent>], to load: LoadID) async throws(OfferingBookError) {
        throw .loadGone(load)
    }

    func finish(_ load: LoadID) async throws(OfferingBookError) -> LoadedPart { throw .loadGone(load) }

    func abandon(_ load: LoadID) async throws(OfferingBookError) {}

    func seal(
        _ offering: Offering, investors: InvestorPolicy, over content: LoadedContent
    ) async throws(OfferingBookError) -> ContentDigest {
        try await book(offering.id).seal(offering, investors: investors, over: content)
    }
}
