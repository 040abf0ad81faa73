internal import SagaEngine
internal import SettlementFlows

/// Reads the fields of one row into typed values, or says which field is wrong.
struct RowFields {
    let part: OfferingPart
    let row: CSVRow

    /// A typed name.
    func name<Name: TypedName>(_ field: Int, as type: Name.Type = Name.self) throws(RowFault) -> Name {
        guard let text = row.text(field) else { throw fault(field, .encoding, "\(column(field)) must be UTF-8") }
        // Most names are printable ASCII, and those need no second look.
        if text.utf8.allSatisfy({ (0x30...0x7E).contains($0) || $0 == 0x2D }), let name = Name(rawValue: text) {
            return name
        }
        do throws(NameError) {
            return try Name(read: text)
        } catch {
            throw fault(field, .name, "\(column(field)): \(error)")
        }
    }

    /// Text of at most `longest` bytes without NUL.
    func text(_ field: Int, longest: Int) throws(RowFault) -> String {
        guard let text = row.text(field) else { throw fault(field, .encoding, "\(column(field)) must be UTF-8") }
        guard text.utf8.count <= longest else {
            throw fault(field, .tooLong, "\(column(field)) must be at most \(longest) bytes")
        }
        guard !text.utf8.contains(0) else { throw fault(field, .encoding, "\(column(field)) must not hold NUL") }
        return text
    }

    /// A moment.
    func moment(_ field: Int) throws(RowFault) -> Timestamp {
        guard let milliseconds = row.withBytes(field, { RFC3339.milliseconds(utf8: $0) }) else {
            throw fault(
                field, .time, "\(column(field)) must be a time such as 2026-03-02T01:16:51.271Z, not \(excerpt(field))")
        }
        return Timestamp(milliseconds: milliseconds)
    }

    /// An action.
    func action(_ field: Int) throws(RowFault) -> SubscriptionEvent.Action {
        guard let action = row.text(field).flatMap(SubscriptionEvent.Action.init(rawValue:)) else {
            throw fault(field, .action, "\(column(field)) must be apply, amend or cancel, not \(excerpt(field))")
        }
        return action
    }

    /// The units that go with an action: at least one, and for a cancel none.
    func units(_ field: Int, for action: SubscriptionEvent.Action) throws(RowFault) -> UInt64 {
        let count = row.withBytes(field) { Self.wholeNumber($0) }
        switch action {
        case .apply, .amend:
            guard let count, count > 0 else {
                throw fault(
                    field, .units,
                    "\(column(field)) must be a whole number from 1 to \(UInt64.max), not \(excerpt(field))")
            }
            return count
        case .cancel:
            guard count == 0 || row.withBytes(field, { $0.isEmpty }) else {
                throw fault(
                    field, .units,
                    "\(column(field)) must be 0 or empty where the action is cancel, not \(excerpt(field))")
            }
            return 0
        }
    }

    /// A fault at a field (from 0).
    func fault(_ field: Int, _ kind: RowFault.Kind, _ message: String) -> RowFault {
        RowFault(part: part, line: row.lines[field], column: field + 1, kind: kind, message: message)
    }

    private func column(_ field: Int) -> String { part.columns[field] }

    /// A field for a message: at most 40 characters, nothing that could steer a terminal.
    private func excerpt(_ field: Int) -> String {
        let text = row.withBytes(field) { String(decoding: $0, as: UTF8.self) }
        let shown = text.prefix(40).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                ? "?" : String(scalar)
        }
        return "\"" + shown.joined() + (text.count > 40 ? "…" : "") + "\""
    }

    private static func wholeNumber(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard let first = bytes.first, first != UInt8(ascii: "0") || bytes.count == 1 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (scaled, scaleOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, addOverflow) = scaled.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !scaleOverflow, !addOverflow else { return nil }
            value = sum
        }
        return value
    }
}
