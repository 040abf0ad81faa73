public import SagaEngine

/// The flows of this business, and the record handlers their postings need.
public enum FlowCatalogue {
    /// Adds every flow to a registry.
    ///
    /// - Parameters:
    ///   - registry: Where they are added.
    ///   - book: Where offerings are kept.
    ///   - books: What settlements end by agreeing with.
    ///   - neighbours: Which other offerings settlements share accounts with.
    ///   - patience: How long counterparties are waited for before a person is told.
    public static func register(
        into registry: inout FlowRegistry, book: any OfferingBook, books: any SettlementBooks,
        neighbours: any OfferingNeighbours, patience: SettlementPatience = .standard
    ) {
        registry.register(OfferingSettlement(book: book, books: books, neighbours: neighbours, patience: patience))
        registry.register(InvestorFunding(books: books, patience: patience))
        registry.register(InvestorReturn(patience: patience))
        registry.register(UnitDistribution(books: books, patience: patience))
    }

    /// The flows that a schedule may start: those whose sagas are named by a moment.
    ///
    /// A settlement is none of them. Its saga has the id of what it settles, so that this is settled once; a saga of
    /// another id would settle it again.
    public static var schedulable: [FlowForm] { [] }

    /// The handlers of every kind of record that the flows post.
    public static var recordHandlers: [any RecordHandler] { [LedgerHandler(), OutboxHandler()] }
}
