internal import Foundation

/// A document's name as the header `Content-Disposition` carries it (RFC 6266, RFC 8187): any text, in ASCII.
struct DocumentName: Equatable {
    private static let beginning = "attachment; filename*=UTF-8''"

    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// Reads the header as it is written here; `nil` when it is another one.
    init?(disposition: String) {
        guard disposition.hasPrefix(Self.beginning),
            let text = String(disposition.dropFirst(Self.beginning.count)).removingPercentEncoding
        else { return nil }
        self.text = text
    }

    /// The header's value.
    var disposition: String { Self.beginning + APIPath.encoded(text) }
}
