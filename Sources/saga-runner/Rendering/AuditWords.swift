internal import Adapters

/// The faults of an audit chain as people read them.
enum AuditWords {
    /// Where it is written down what to do next.
    static let remedy = "change nothing, and go on by docs/operating/recovering.md, \"When the audit chain is broken\""

    /// What is wrong and where.
    static func sentence(_ fault: AuditFault) -> String {
        var words = meaning(fault.code)
        var place: [String] = []
        if let saga = fault.saga { place.append("saga \(saga)") }
        if let sequence = fault.sequence { place.append("entry \(sequence) of its journal") }
        if let number = fault.number { place.append("\(noun(fault.code)) \(number)") }
        if !place.isEmpty { words += " (\(place.joined(separator: ", ")))" }
        return words
    }

    /// How much a chain seals.
    static func counts(
        entries: some BinaryInteger, prints: some BinaryInteger, seals: some BinaryInteger
    ) -> String {
        let first = entries == 1 ? "1 entry" : "\(entries) entries"
        return [first, count(prints, "operator action"), count(seals, "seal")].joined(separator: ", ")
    }

    /// So many of something whose plural is made with an s.
    static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func meaning(_ code: AuditFault.Code) -> String {
        switch code {
        case .entryAltered: "a journal entry is not what was written"
        case .entryMissing: "a journal entry is gone, or stands where none was written"
        case .printAltered: "the print of what a person did is gone, or is not what was written"
        case .sealBroken: "a seal does not follow from the one before it and from what it seals"
        case .sealMissing: "a seal is gone"
        case .unsealed: "entries or prints stand behind the last seal, which no transaction of ours leaves"
        case .rowAltered: "what a saga's row says is not what its journal says"
        case .noticeAltered: "the notice that a journal entry was written for is gone, or is not what was taken"
        case .olderThanAnchor: "the chain ends before the seal that the anchor remembers"
        case .anchorDiffers: "the seal that the anchor remembers is another one here, or of another store"
        }
    }

    private static func noun(_ code: AuditFault.Code) -> String {
        switch code {
        case .printAltered: "print"
        case .entryAltered, .entryMissing: "number in the whole journal"
        case .sealBroken, .sealMissing, .unsealed, .rowAltered, .noticeAltered, .olderThanAnchor, .anchorDiffers: "seal"
        }
    }
}
