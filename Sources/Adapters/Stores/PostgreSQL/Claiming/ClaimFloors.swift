internal import Foundation
internal import SagaEngine

/// Below which place of each flow's queue nothing is left to be claimed, as far as this process knows.
///
/// The queue is an index that is consumed at its low end. What was claimed stays in it until no snapshot can see it,
/// and while somebody holds an old one a claim that began at the low end would walk over all that was claimed since.
/// So a claim begins a little before the place up to which the last one has taken all there was.
///
/// That is a guess: another runner's transaction may bring a lower place late, and what was locked may be given back.
/// What stays behind is found by ``ClaimLook``, which looks below the floors while it is regularly done; when it is
/// not, claims begin at the low end.
final class ClaimFloors: Sendable {
    /// How far before its guess a claim begins: transactions of other runners that take no longer are not missed.
    static let margin = Span.milliseconds(100)
    /// Where a queue begins.
    static let bottom = Int64.min

    private struct State {
        var floors: [Int64: Int64] = [:]
        /// What was lowered since the floors were asked for; a claim that began before does not raise it again.
        var lowered: [Int64: Int64] = [:]
        var trustedUntil: Int64 = .min
    }

    /// How long after a look the floors are believed, in milliseconds.
    private let trustTime: Int64
    private let state = Locked(State())

    init(trustTime: Int64 = 10_000) { self.trustTime = trustTime }

    /// Where a claim at a moment begins for each of these flows, which is now made; ``claimed(_:from:upTo:at:)``
    /// follows once it is durable.
    func begin(_ flows: [Int64], at now: Timestamp) -> [Int64] {
        state.withLock { state in
            for flow in flows { state.lowered[flow] = nil }
        }
        return floors(of: flows, at: now)
    }

    /// Where a claim at a moment would begin for each of these flows.
    ///
    /// - Parameters:
    ///   - flows: The flows' numbers.
    ///   - now: The moment; places from shortly before it on are always looked at, also when the clock was set back.
    /// - Returns: the places, in the order of the flows.
    func floors(of flows: [Int64], at now: Timestamp) -> [Int64] {
        let highest = Self.place(shortlyBefore: now)
        let monotonic = PostgresClock.monotonic
        return state.withLock { state in
            guard monotonic < state.trustedUntil else { return flows.map { _ in Self.bottom } }
            return flows.map { min(state.floors[$0] ?? Self.bottom, highest) }
        }
    }

    /// Notes what a claim that is durable has taken.
    ///
    /// - Parameters:
    ///   - flows: The flows it was for.
    ///   - began: Where it began for each.
    ///   - last: The last place it took, when it took as many as it might; `nil` when it took all there were.
    ///   - now: Its moment.
    func claimed(_ flows: [Int64], from began: [Int64], upTo last: Int64?, at now: Timestamp) {
        let end = min(
            last.map { Self.place(shortlyBefore: ReadyPlace.moment(of: $0)) } ?? .max,
            Self.place(shortlyBefore: now))
        let monotonic = PostgresClock.monotonic
        state.withLock { state in
            for flow in flows { state.floors[flow] = min(end, state.lowered[flow] ?? .max) }
            // One that began at the low end has looked at everything.
            if began.allSatisfy({ $0 == Self.bottom }) {
                state.trustedUntil = max(state.trustedUntil, monotonic + trustTime)
            }
        }
    }

    /// Notes that something may be claimed at these places, by the numbers of flows.
    func lower(_ places: [Int64: Int64]) {
        guard !places.isEmpty else { return }
        state.withLock { state in
            for (flow, place) in places {
                state.lowered[flow] = min(state.lowered[flow] ?? .max, place)
                if let floor = state.floors[flow], place < floor { state.floors[flow] = place }
            }
        }
    }

    /// Notes that something may be claimed at a place, of whatever flow.
    func lower(to place: Int64) {
        state.withLock { state in
            for (flow, floor) in state.floors {
                state.lowered[flow] = min(state.lowered[flow] ?? .max, place)
                state.floors[flow] = min(floor, place)
            }
        }
    }

    /// All flows with their floors.
    var all: [(flow: Int64, floor: Int64)] { state.withLock { $0.floors.map { ($0.key, $0.value) } } }

    /// Has the floors be believed from now on, since somebody has looked below them.
    func trust() {
        let until = PostgresClock.monotonic + trustTime
        state.withLock { $0.trustedUntil = until }
    }

    static func place(shortlyBefore moment: Timestamp) -> Int64 {
        ReadyPlace.first(at: moment + Span(milliseconds: -margin.milliseconds))
    }
}

extension Batch {
    /// The lowest place that the batch has put a saga at, or wants it to be woken at, for each flow.
    var lowestPlaces: [Int64: Int64] {
        var places: [Int64: Int64] = [:]
        for saga in sagas.values where saga.change > .none || saga.sequence == 0 {
            guard let place = saga.ready ?? saga.wake.map(ReadyPlace.first) else { continue }
            places[saga.flow] = min(places[saga.flow] ?? .max, place)
        }
        return places
    }
}
