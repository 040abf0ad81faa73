internal import Foundation

/// Results on standard output; progress for whoever watches, on standard error.
package enum Console {
    package static let start = ContinuousClock.now

    package static func say(_ text: String) {
        let (seconds, _) = (ContinuousClock.now - start).components
        FileHandle.standardError.write(Data("[\(seconds) s] \(text)\n".utf8))
    }

    package static func tell(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
