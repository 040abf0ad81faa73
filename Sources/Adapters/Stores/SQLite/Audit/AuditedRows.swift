internal import SagaEngine

/// A journal entry as it stands in the database, with what it claims to follow.
struct AuditedEntry {
    let number: Int64
    let saga: String?
    let sequence: Int64
    let stage: String?
    let refusals: Int64
    let kind: Int64
    let at: Int64
    let body: [UInt8]
    let link: [UInt8]
    /// The stored link of the entry before it in the same saga; `nil` when there is none.
    let previous: [UInt8]?
    /// What the saga began with; read only for its first entry.
    let beginning: Beginning?

    struct Beginning {
        let flow: FlowID
        let input: [UInt8]
    }
}

/// A print as it stands in the database.
struct AuditedPrint {
    let number: Int64
    /// The number of the journal entry that it follows.
    let after: Int64
    let at: Int64
    let text: [UInt8]
}

/// A seal as it stands in the database.
struct AuditedSeal {
    let number: Int64
    let at: Int64
    let lastEntry: Int64
    let lastPrint: Int64
    let link: [UInt8]
}

/// A saga's row as it stands in the database, with the last entry of its journal.
struct AuditedRow {
    let id: String
    let flow: FlowID?
    let input: [UInt8]
    let sequence: Int64
    let head: [UInt8]
    let status: Int64
    let output: [UInt8]?
    /// `nil` when its journal is empty.
    let last: Last?

    struct Last {
        let sequence: Int64
        let kind: Int64
        let body: [UInt8]
        let link: [UInt8]
    }
}

/// A journal entry that a notice is the reason for, with that notice as it stands in the inbox.
struct AuditedEvidence {
    let saga: String
    let sequence: Int64
    let kind: Int64
    let body: [UInt8]
    /// `nil` when the inbox has no such notice for this saga.
    let notice: InboxRow?

    struct InboxRow {
        let standing: Int64
        let id: String
        let claim: Notice.Claim?
    }

    /// What an entry says; `nil` when it cannot be read.
    static func testimony(of kind: Int64, _ body: [UInt8]) -> EntryTestimony? {
        guard let raw = UInt8(exactly: kind), let kind = EntryKind(rawValue: raw) else { return nil }
        do {
            return try EntryTestimony(kind, body)
        } catch {
            return nil
        }
    }

    /// The notice that an entry names as its reason.
    static func notice(of kind: Int64, _ body: [UInt8]) -> Int64? {
        switch testimony(of: kind, body) {
        case .settled(let notice, _, _): notice
        case .refused(let notice, _): notice
        case .end, .other, nil: nil
        }
    }
}
