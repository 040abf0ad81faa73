import SagaEngine
import SagaTestKit

/// One place where a sweep lets something go wrong, and what.
struct SweepPoint: Hashable, Sendable, CustomStringConvertible {
    enum Place: String, Sendable { case persist, call }

    var place: Place
    /// Its number over the whole run, from 1.
    var number: Int
    /// Before, after, or applied but answered with an error.
    var manner: Int

    static let manners = 3

    var storeFault: StoreFault { [.crashBefore, .crashAfter, .errorAfterApplying][manner] }
    var callStrike: CallStrike { [.crashBefore, .crashAfter, .errorAfterApplying][manner] }

    var description: String { "\(place) \(number) \(place == .persist ? storeFault.rawValue : callStrike.rawValue)" }

    /// Every manner at every place after the ones already passed.
    static func all(persists: ClosedRange<Int>?, calls: ClosedRange<Int>?) -> [SweepPoint] {
        var points: [SweepPoint] = []
        for manner in 0..<manners {
            for number in persists.map(Array.init) ?? [] {
                points.append(.init(place: .persist, number: number, manner: manner))
            }
            for number in calls.map(Array.init) ?? [] {
                points.append(.init(place: .call, number: number, manner: manner))
            }
        }
        return points
    }
}
