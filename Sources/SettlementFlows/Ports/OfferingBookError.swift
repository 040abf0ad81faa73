/// Why an offering book refused or failed.
public enum OfferingBookError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Rows that cannot be; nothing of their file has become visible.
    case badRows(RowFaults)
    /// Other content stands sealed under this offering's id; what is not the same.
    case contentDiffers(OfferingID, [Content])
    /// Somebody else has loaded other content for the offering since; which of it.
    case contentReplaced(OfferingID, [Content])
    /// A part of the offering has not been loaded.
    case notLoaded(OfferingID, OfferingPart)
    /// The offering has not been sealed under this digest.
    case notSealed(OfferingID)
    /// The offering has not been allotted under this digest.
    case notAllotted(OfferingID)
    /// The load was finished, abandoned, or begun by a process that is gone.
    case loadGone(LoadID)
    /// Another call is sealing or allotting this offering now.
    case busy(OfferingID)
    /// A sum does not fit 128 bits.
    case arithmetic(OfferingID, MoneyError)
    /// The storage failed, with its bounded code.
    case storage(code: String)

    /// What is sealed of an offering, each from a file of its own.
    public enum Content: String, Sendable, CaseIterable {
        /// The terms.
        case offering
        /// The investors.
        case investors
        /// The subscription log.
        case subscriptions
    }

    /// A row that cannot be.
    public static func badRow(_ fault: RowFault) -> OfferingBookError { .badRows(RowFaults(fault)) }

    /// The bounded code for metrics and logs.
    public var code: String {
        switch self {
        case .badRows(let faults): faults.lowest.code
        case .contentDiffers: "book.content_differs"
        case .contentReplaced: "book.content_replaced"
        case .notLoaded: "book.not_loaded"
        case .notSealed: "book.not_sealed"
        case .notAllotted: "book.not_allotted"
        case .loadGone: "book.load_gone"
        case .busy: "book.busy"
        case .arithmetic(_, let error): error.code
        case .storage(let code): code
        }
    }

    /// What is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .badRows(let faults): faults.description
        case .contentDiffers(let id, let what):
            "offering \(id) stands sealed with other content (not the same: "
                + "\(what.map(\.rawValue).joined(separator: ", "))); a changed offering needs a new id"
        case .contentReplaced(let id, let what):
            "somebody else has loaded other \(what.map(\.rawValue).joined(separator: " and other ")) for offering \(id) "
                + "meanwhile; nothing was sealed: find out who, then hand the offering in again"
        case .notLoaded(let id, let part): "offering \(id) has no \(part.rawValue); load them first"
        case .notSealed(let id): "offering \(id) is not sealed; load and seal it first"
        case .notAllotted(let id): "offering \(id) has not been allotted"
        case .loadGone: "this load was finished or given up; begin a new one"
        case .busy(let id): "offering \(id) is being worked on; try again"
        case .arithmetic(let id, let error): "offering \(id): \(error)"
        case .storage(let code): "the offering book's storage failed (\(code))"
        }
    }
}
