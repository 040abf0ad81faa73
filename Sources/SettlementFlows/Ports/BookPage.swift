/// A page of what a counterparty lists under an offering's references.
public struct BookPage: Hashable, Sendable {
    /// The movements; what was refused moves nothing and is left out, so a page may be empty before the end.
    public let movements: [BookMovement]
    /// Where the next page begins; `nil` at the end.
    public let next: String?

    /// A page from its parts.
    public init(movements: [BookMovement], next: String?) {
        self.movements = movements
        self.next = next
    }
}
