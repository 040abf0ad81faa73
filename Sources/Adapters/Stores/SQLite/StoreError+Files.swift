internal import Foundation
internal import SagaEngine

extension StoreError {
    /// What a file beside the database, or the database itself, answered to a call: read right after it, from `errno`.
    static func failed(to verb: String, _ path: String) -> StoreError {
        let number = errno
        // A disk that fails is no better for being asked again.
        return StoreError(
            number == EIO ? .damaged : .unavailable, "cannot \(verb) \(path): \(String(cString: strerror(number)))")
    }
}
