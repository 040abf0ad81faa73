/// A paged, ordered source of elements that a `forEach` starts child sagas for; never held in memory whole.
public protocol ElementSource: Sendable {
    /// One element, the input of one child.
    associatedtype Element: Codable & Sendable

    /// What the elements are, in one word that changes when any of them does; a replay that sees another one is stuck.
    var digest: String { get }

    /// The elements after a name, in ascending byte order of their names; fewer than `limit` only at the end.
    func page(after: ElementID?, limit: Int) async throws -> [SourceElement<Element>]
}

/// One element and its name.
public struct SourceElement<Element: Codable & Sendable>: Sendable {
    /// The element's name, unique in its source.
    public let id: ElementID
    /// The element.
    public let element: Element

    /// Names an element.
    public init(id: ElementID, element: Element) {
        self.id = id
        self.element = element
    }
}
