/// An absolute path whose segments are literals or names.
struct PathPattern: Sendable, Equatable, CustomStringConvertible {
    private enum Segment: Sendable, Equatable {
        case literal(String)
        case name(String)
    }

    let description: String
    private let segments: [Segment]

    init(_ pattern: String) {
        precondition(pattern.hasPrefix("/"), "a route's pattern begins with a slash: \(pattern)")
        description = pattern
        segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { text in
            text.hasPrefix("{") && text.hasSuffix("}")
                ? .name(String(text.dropFirst().dropLast())) : .literal(String(text))
        }
        precondition(
            Set(names).count == names.count && !names.contains(""),
            "a route's names are distinct and not empty: \(pattern)")
    }

    private var names: [String] {
        segments.compactMap { segment in
            switch segment {
            case .literal: nil
            case .name(let name): name
            }
        }
    }

    /// The values of the names if the decoded segments match, else nil.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, text) in zip(segments, path) {
            switch segment {
            case .literal(let literal):
                if literal != text { return nil }
            case .name(let name):
                if text.isEmpty { return nil }
                parameters[name] = text
            }
        }
        return parameters
    }
}
