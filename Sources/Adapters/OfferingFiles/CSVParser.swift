public import SettlementFlows

/// Turns the bytes of one file, in chunks of any size, into rows by RFC 4180; it holds one row at a time.
///
/// UTF-8 with or without a byte order mark, lines ended by LF or CRLF, quoted fields with line ends in them, and the
/// part's exact header. Whatever else is in the file is a fault with its line and column; after a fault the parser is
/// spent.
public struct CSVParser {
    private enum State { case fieldStart, unquoted, quoted, quoteInQuoted, carriageReturn }

    private let part: OfferingPart
    private let limits: CSVLimits
    private var state = State.fieldStart
    private var row = CSVRow()
    private var line = 1
    private var fieldStart = 0
    private var markBytes = 0
    private var hasHeader = false

    /// A parser for one of an offering's files.
    public init(part: OfferingPart, limits: CSVLimits = .standard) {
        self.part = part
        self.limits = limits
        beginField()
    }

    /// Takes the next bytes and gives every row that ends in them to `body`; the header is checked and not given.
    public mutating func parse(
        _ chunk: [UInt8], _ body: (CSVRow) throws(RowFault) -> Void
    ) throws(RowFault) {
        var index = skipByteOrderMark(chunk)
        while index < chunk.count {
            if state == .fieldStart && !Self.isMark(chunk[index]) { state = .unquoted }
            if state == .unquoted || state == .quoted {
                let end = endOfPlainRun(chunk, from: index)
                try append(chunk[index..<end])
                index = end
                if index == chunk.count { break }
            }
            try take(chunk[index], body)
            index += 1
        }
    }

    /// Ends the file: gives a last row that has no line end, and refuses an open quote or a file without a header.
    public mutating func finish(_ body: (CSVRow) throws(RowFault) -> Void) throws(RowFault) {
        switch state {
        case .quoted: throw fault(.unterminatedQuote, "this field's quote is never closed")
        case .carriageReturn: throw fault(.stray, "a carriage return must be followed by a line feed")
        case .fieldStart where row.ends.isEmpty: break
        case .fieldStart, .unquoted, .quoteInQuoted: try endRow(body)
        }
        if !hasHeader { throw headerFault(column: 1) }
    }

    private mutating func take(_ byte: UInt8, _ body: (CSVRow) throws(RowFault) -> Void) throws(RowFault) {
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")):
            state = .quoteInQuoted
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            try append(CollectionOfOne(byte))
            state = .quoted
        case (.fieldStart, UInt8(ascii: "\"")):
            state = .quoted
        case (.unquoted, UInt8(ascii: "\"")):
            throw fault(.stray, "a field with a quote in it must be quoted as a whole, and the quote doubled")
        case (.carriageReturn, UInt8(ascii: "\n")):
            line += 1
            try endRow(body)
        case (.carriageReturn, _):
            throw fault(.stray, "a carriage return must be followed by a line feed")
        case (.fieldStart, UInt8(ascii: ",")), (.unquoted, UInt8(ascii: ",")), (.quoteInQuoted, UInt8(ascii: ",")):
            try endField()
            beginField()
        case (.fieldStart, UInt8(ascii: "\n")), (.unquoted, UInt8(ascii: "\n")), (.quoteInQuoted, UInt8(ascii: "\n")):
            line += 1
            try endRow(body)
        case (.fieldStart, UInt8(ascii: "\r")), (.unquoted, UInt8(ascii: "\r")), (.quoteInQuoted, UInt8(ascii: "\r")):
            state = .carriageReturn
        case (.quoteInQuoted, _):
            throw fault(.stray, "after a field's closing quote there must be a comma or the line's end")
        case (.fieldStart, _), (.unquoted, _), (.quoted, _):
            try append(CollectionOfOne(byte))
        }
    }

    /// Whether a byte means something at the beginning of a field.
    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r")
    }

    /// Where the bytes end that are only copied; in quotes, line ends are counted on the way.
    private mutating func endOfPlainRun(_ chunk: [UInt8], from start: Int) -> Int {
        var index = start
        let isQuoted = state == .quoted
        while index < chunk.count {
            let byte = chunk[index]
            if byte == UInt8(ascii: "\"") { break }
            if isQuoted {
                if byte == UInt8(ascii: "\n") { line += 1 }
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                break
            }
            index += 1
        }
        return index
    }

    private mutating func append(_ bytes: some Collection<UInt8>) throws(RowFault) {
        row.bytes.append(contentsOf: bytes)
        if row.bytes.count - fieldStart > limits.fieldBytes {
            throw fault(.tooLong, "this field is longer than \(limits.fieldBytes) bytes; is its quote closed?")
        }
        if row.bytes.count > limits.rowBytes {
            throw fault(.tooLong, "this row is longer than \(limits.rowBytes) bytes")
        }
    }

    private mutating func beginField() {
        fieldStart = row.bytes.count
        row.lines.append(line)
        state = .fieldStart
    }

    private mutating func endField() throws(RowFault) {
        row.ends.append(row.bytes.count)
        let expected = part.columns.count
        guard row.ends.count < expected else {
            let place = RowFault(
                part: part, line: row.lines.last ?? line, column: expected + 1, kind: .columnCount,
                message: "the row has more than the \(expected) columns of the header")
            throw hasHeader ? place : headerFault(column: expected + 1)
        }
    }

    private mutating func endRow(_ body: (CSVRow) throws(RowFault) -> Void) throws(RowFault) {
        row.ends.append(row.bytes.count)
        let expected = part.columns.count
        if !hasHeader {
            try checkHeader()
            hasHeader = true
        } else if row.count == expected {
            try body(row)
        } else {
            throw RowFault(
                part: part, line: row.lines.last ?? line, column: row.count + 1, kind: .columnCount,
                message: "the row has \(row.count) of the \(expected) columns of the header")
        }
        row.bytes.removeAll(keepingCapacity: true)
        row.ends.removeAll(keepingCapacity: true)
        row.lines.removeAll(keepingCapacity: true)
        beginField()
    }

    private func checkHeader() throws(RowFault) {
        for (index, name) in part.columns.enumerated() {
            guard index < row.count, row.text(index) == name else { throw headerFault(column: index + 1) }
        }
    }

    private func headerFault(column: Int) -> RowFault {
        RowFault(
            part: part, line: 1, column: column, kind: .header,
            message: "the header must be exactly \"\(part.columns.joined(separator: ","))\"")
    }

    private func fault(_ kind: RowFault.Kind, _ message: String) -> RowFault {
        let place = RowFault(
            part: part, line: row.lines.last ?? line, column: row.lines.count, kind: kind, message: message)
        return place
    }

    /// Skips EF BB BF at the very beginning, however the chunks cut it.
    private mutating func skipByteOrderMark(_ chunk: [UInt8]) -> Int {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var index = 0
        while markBytes < mark.count, index < chunk.count {
            guard chunk[index] == mark[markBytes] else {
                // Not a mark after all: what was held back belongs to the first field.
                if markBytes > 0 {
                    row.bytes.append(contentsOf: mark[..<markBytes])
                    state = .unquoted
                }
                markBytes = mark.count
                return index
            }
            markBytes += 1
            index += 1
        }
        return index
    }
}
