/// The first bad link of an audit chain.
public struct AuditFault: Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault.
    public let code: Code
    /// The saga, where it is about one.
    public let saga: String?
    /// The entry's place in the saga's journal, where it is about one.
    public let sequence: Int?
    /// The number of the seal or print, where it is about one.
    public let number: Int64?

    /// The kinds of fault.
    public enum Code: String, Sendable, CaseIterable {
        /// An entry's content, place or link is not what was written.
        case entryAltered
        /// An entry is gone, or stands where none was written.
        case entryMissing
        /// A print is gone, or has another time than its seal.
        case printAltered
        /// A seal does not follow from the one before it and what it seals.
        case sealBroken
        /// A seal is gone.
        case sealMissing
        /// Entries or prints stand behind the last seal.
        case unsealed
        /// A saga's row does not agree with its journal.
        case rowAltered
        /// A notice that a journal entry was written for is gone from the inbox, or claims something else there.
        case noticeAltered
        /// All of the chain is right, but it ends before the seal that was anchored.
        case olderThanAnchor
        /// The anchored seal is another one, or of another store.
        case anchorDiffers
    }

    /// A sentence for the operator.
    public var description: String {
        var words = "audit.\(code.rawValue)"
        if let saga { words += " saga \(saga)" }
        if let sequence { words += " entry \(sequence)" }
        if let number { words += " number \(number)" }
        return words
    }
}
