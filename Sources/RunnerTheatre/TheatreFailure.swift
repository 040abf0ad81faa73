/// Why a play with real processes ends before its time, in words.
package struct TheatreFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
