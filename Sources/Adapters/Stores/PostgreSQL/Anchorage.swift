internal import SagaEngine

/// Holds a PostgreSQL database against its anchor, the file that remembers the newest seal this process has seen.
enum Anchorage {
    /// How the database stands to the anchor at a path.
    static func standing(_ connection: PostgresConnection, to path: String) throws -> AnchorStanding {
        // The anchor first: the chain can only be longer by the time it is read.
        let anchor = try AuditAnchor.read(from: path)
        return try standing(connection, to: anchor, at: path, head: try PostgresAudit.head(connection))
    }

    /// The anchor at a path, as long as it is of the life that the data are in.
    static func current(_ connection: PostgresConnection, at path: String) throws -> AuditAnchor? {
        guard let anchor = try AuditAnchor.read(from: path) else { return nil }
        return anchor.isOver(in: try Lifeline.newestLife(connection)) ? nil : anchor
    }

    /// Refuses a database that its anchor speaks against, before anything is written to it.
    ///
    /// An anchor of an earlier life is not asked: that the data were set back is known, since a person, or a process
    /// that had seen more, has begun a new life of them. Where the anchor is missing beside other runners that are
    /// alive, it begins anew: they know the newest seal, and work on no database that lacks it.
    static func check(
        _ connection: PostgresConnection, _ configuration: PostgresStoreConfiguration, _ anchor: AnchorKeeper
    ) throws {
        guard let path = configuration.anchorPath else { return }
        let kept = try AuditAnchor.read(from: path)
        let head = try PostgresAudit.head(connection)
        let standing = try standing(connection, to: kept, at: path, head: head)
        // What is written from here on says which life it is of. A database that nobody has worked on begins its first.
        let life = try Lifeline.newestLife(connection)
        if let life { anchor.entered(life) }
        switch standing {
        case .older, .differs:
            if kept?.isOver(in: life) == true {
                try anchor.replace(by: head)
                return
            }
        case .missing:
            let others = try Runners.all(connection).filter { $0.identity.name != configuration.identity?.name }
            if others.contains(where: \.isAlive) {
                try anchor.replace(by: head)
                return
            }
        case .unanchored, .level, .otherStore: break
        }
        try anchor.check(standing, of: head)
    }

    private static func standing(
        _ connection: PostgresConnection, to anchor: AuditAnchor?, at path: String, head: AuditHead
    ) throws -> AnchorStanding {
        try AnchorStanding(anchor, at: path, to: head) { number in
            try PostgresAudit.seals(after: number - 1, limit: 1, connection).first?.link
        }
    }
}
