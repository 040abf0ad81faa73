public import SagaEngine

/// The end of a store's audit chain: its newest seal.
public struct AuditHead: Sendable, Equatable {
    /// The store's own id, made when it was created.
    public let store: String
    /// The seal's number; 0 when nothing was ever sealed.
    public let number: Int64
    /// When it was sealed, by the store's clock.
    public let at: Timestamp
    /// The seal.
    public let link: ChainLink

    /// The link that the first seal follows: 32 zero bytes.
    public static let origin = ChainLink(bytes: [UInt8](repeating: 0, count: 32))

    /// Names the end of a chain.
    public init(store: String, number: Int64, at: Timestamp, link: ChainLink) {
        self.store = store
        self.number = number
        self.at = at
        self.link = link
    }
}

/// The end of the audit chain as the writer carries it along.
struct AuditTail {
    var head: AuditHead
    /// The last journal entry's number in the whole store.
    var lastEntry: Int64
    var lastPrint: Int64
    /// What the transaction in hand adds, in order.
    var links: [ChainLink] = []

    /// A place to go back to. It holds no links: a copy of them would make every operation after it copy them all.
    struct Mark {
        let head: AuditHead
        fileprivate let lastEntry: Int64
        fileprivate let lastPrint: Int64
        fileprivate let links: Int
    }

    /// Where the chain ends now.
    var mark: Mark { Mark(head: head, lastEntry: lastEntry, lastPrint: lastPrint, links: links.count) }

    /// Forgets what was added since; links that have been sealed since are not brought back.
    mutating func rewind(to mark: Mark) {
        head = mark.head
        lastEntry = mark.lastEntry
        lastPrint = mark.lastPrint
        links.removeLast(max(0, links.count - mark.links))
    }
}
