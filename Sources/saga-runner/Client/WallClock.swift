internal import Foundation
internal import SagaEngine

/// The machine's clock, for what is shown to people and for nothing else.
enum WallClock {
    static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
}
