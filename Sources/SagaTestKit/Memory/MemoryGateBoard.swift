public import SagaEngine

/// A board for the gates of several simulated runners, in memory.
public final class MemoryGateBoard: GateBoard {
    private struct State {
        var parties: [CounterpartyName: PartyPage] = [:]
        var rooms: [ByteText: RoomPage] = [:]
        var switches: [CounterpartyName: String] = [:]
        var isAway = false
    }

    private let state = Locked(State())
    private let atStake: @Sendable (String) -> Int128
    private let isOver: @Sendable (Int64) -> Bool

    /// Makes a board.
    ///
    /// - Parameters:
    ///   - atStake: What is at stake of an asset by all that is committed.
    ///   - isOver: Whether nothing can be committed under the lease of an epoch any more.
    public init(
        atStake: @escaping @Sendable (String) -> Int128 = { _ in 0 },
        isOver: @escaping @Sendable (Int64) -> Bool = { _ in false }
    ) {
        self.atStake = atStake
        self.isOver = isOver
    }

    /// Whether it cannot be reached.
    public var isAway: Bool {
        get { state.withLock { $0.isAway } }
        set { state.withLock { $0.isAway = newValue } }
    }

    /// Has a switch noted as turned off, for a reason, or on.
    public func note(_ party: CounterpartyName, offWhy why: String?) {
        state.withLock { $0.switches[party] = why }
    }

    /// What it has on a counterparty.
    public func page(of party: CounterpartyName) -> PartyPage {
        state.withLock { $0.parties[party] ?? PartyPage() }
    }

    /// All room that runners have been granted of an asset.
    public func granted(of asset: String) -> Int128 {
        state.withLock { ($0.rooms[ByteText(asset)] ?? RoomPage()).rooms.values.reduce(0) { $0 + $1.amount } }
    }

    /// Notes what a gate tells and grants what it asks for.
    public func receive(_ visit: BoardVisit) async throws(StoreError) -> BoardNews {
        try state.withLock { (state) throws(StoreError) in
            guard !state.isAway else { throw StoreError(.unavailable, "the board is away") }
            let parties = visit.parties.map { ask in
                var news = state.parties[ask.counterparty, default: PartyPage()]
                    .receive(ask, of: visit.runner, at: visit.at)
                news.switchedOffWhy = state.switches[ask.counterparty]
                return news
            }
            return BoardNews(parties: parties, rooms: visit.rooms.map { room(for: $0, of: visit, &state) })
        }
    }

    private func room(for ask: RoomAsk, of visit: BoardVisit, _ state: inout State) -> Int128 {
        guard let epoch = visit.lease, !isOver(epoch) else { return 0 }
        var page = state.rooms[ByteText(ask.asset)] ?? RoomPage()
        page.rooms = page.rooms.filter { !isOver($0.key) }
        let room = page.receive(ask, under: epoch, visit: visit.number, atStake: atStake(ask.asset))
        state.rooms[ByteText(ask.asset)] = page
        return room
    }
}
