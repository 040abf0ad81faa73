internal import SagaEngine

/// How a database stands to its anchor.
public enum AnchorStanding: Sendable, Equatable {
    /// No anchor is kept.
    case unanchored
    /// The anchor's file is not there; a database in which nothing was sealed has nothing to miss.
    case missing(path: String, seal: Int64)
    /// The anchored seal is in the database: nothing shows that it was ever put back.
    case level
    /// The database ends before the anchored seal: a copy was put back, or its end was cut off.
    case older(seal: Int64, anchored: Int64)
    /// The anchor is of another store.
    case otherStore(path: String, store: String)
    /// The anchored seal is another one in the database.
    case differs(seal: Int64)

    /// Compares an anchor with the end of a chain; `number` finds a seal.
    init(
        _ anchor: AuditAnchor?, at path: String, to head: AuditHead, sealOf number: (Int64) throws -> ChainLink?
    ) throws {
        guard let anchor else {
            self = .missing(path: path, seal: head.number)
            return
        }
        guard anchor.store == head.store else {
            self = .otherStore(path: path, store: anchor.store)
            return
        }
        guard anchor.seal <= head.number else {
            self = .older(seal: head.number, anchored: anchor.seal)
            return
        }
        let link = anchor.seal == 0 ? AuditHead.origin : try number(anchor.seal)
        self = link?.description == anchor.link ? .level : .differs(seal: anchor.seal)
    }

    /// Compares an anchor with a database.
    init(_ anchor: AuditAnchor?, at path: String, to connection: SQLiteConnection) throws {
        try self.init(anchor, at: path, to: try SQLiteMeta.head(connection)) { number in
            try connection.firstRow("SELECT link FROM seal WHERE number = ?", .integer(number)) { $0.link(0) }
        }
    }

    /// The bounded code for logs.
    public var code: String {
        switch self {
        case .unanchored: "unanchored"
        case .missing: "missing"
        case .level: "level"
        case .older: "older"
        case .otherStore: "other_store"
        case .differs: "differs"
        }
    }

    /// What is wrong, as a clause; `nil` when nothing is.
    public var complaint: String? {
        switch self {
        case .unanchored, .level, .missing(_, seal: 0): nil
        case .missing(let path, let seal):
            "the anchor \(path) is missing, so nothing tells whether the database (seal \(seal)) is the newest"
        case .older(let seal, let anchored):
            "the database is older than its anchor (seal \(seal), anchored \(anchored))"
        case .otherStore(let path, let store): "the anchor \(path) is of another store (\(store))"
        case .differs(let seal):
            "seal \(seal) is not the one that was anchored: the history differs from the one that was kept"
        }
    }

    /// What to do about it before a daemon may run on the database.
    var remedy: String {
        switch self {
        case .unanchored, .level: "nothing need be done"
        case .missing: "put the anchor back, or run with --after-restore"
        case .older: "if it was restored from a backup, run with --after-restore"
        case .otherStore: "check the configured paths"
        case .differs: "run `audit verify`"
        }
    }
}
