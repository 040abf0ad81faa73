import Adapters
import SettlementFlows
import Testing

@Suite struct CSVParserTests {
    private static let header = "subscription_id,investor_id,submitted_at,action,units"

    /// The rows of a file cut into chunks of `size` bytes, or the fault.
    private func rows(_ text: [UInt8], cutInto size: Int, limits: CSVLimits = .standard) throws(RowFault) -> [[String]]
    {
        var parser = CSVParser(part: .subscriptions, limits: limits)
        var rows: [[String]] = []
        func take(_ row: CSVRow) { rows.append((0..<row.count).map { row.text($0) ?? "not UTF-8" }) }
        var index = 0
        while index < text.count {
            let end = min(index + size, text.count)
            try parser.parse(Array(text[index..<end]), take)
            index = end
        }
        try parser.finish(take)
        return rows
    }

    private func rows(_ body: String, cutInto size: Int = .max / 2) throws(RowFault) -> [[String]] {
        try rows(Array((Self.header + "\n" + body).utf8), cutInto: size)
    }

    private func fault(_ text: String, limits: CSVLimits = .standard) -> String? {
        let bytes = Array(text.utf8)
        let whole = #expect(throws: RowFault.self) { try rows(bytes, cutInto: .max / 2, limits: limits) }
        let cut = #expect(throws: RowFault.self) { try rows(bytes, cutInto: 1, limits: limits) }
        #expect(whole == cut)
        return whole.map { "\($0.line):\($0.column) \($0.kind.rawValue)" }
    }

    @Test func `quotes, commas, doubled quotes and line ends in fields are read`() throws {
        let body = "a,\"b,c\",\"d\"\"e\"\"\",\"f\ng\r\nh\",\"\"\nä,,\"\"\"\",x y,\u{1F600}\r\n"
        let expected = [["a", "b,c", "d\"e\"", "f\ng\r\nh", ""], ["ä", "", "\"", "x y", "\u{1F600}"]]
        for size in 1...40 { #expect(try rows(body, cutInto: size) == expected) }
        #expect(try rows(body) == expected)
    }

    @Test func `a byte order mark is skipped, however it is cut`() throws {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array((Self.header + "\r\n1,2,3,4,5").utf8)
        for size in 1...9 { #expect(try rows(bytes, cutInto: size) == [["1", "2", "3", "4", "5"]]) }
    }

    @Test func `a header alone is a file without rows`() throws {
        #expect(try rows(Array(Self.header.utf8), cutInto: 7).isEmpty)
        #expect(try rows(Array((Self.header + "\r\n").utf8), cutInto: 7).isEmpty)
    }

    @Test func `a header that is not exact is refused at its first difference`() {
        #expect(fault("") == "1:1 header")
        #expect(fault("\n") == "1:1 header")
        #expect(fault("subscription_id,investor_id,submitted_at,action\n") == "1:5 header")
        #expect(fault("subscription_id,investor_id,submitted_at,units,action\n") == "1:4 header")
        #expect(fault("Subscription_id,investor_id,submitted_at,action,units\n") == "1:1 header")
        #expect(fault(Self.header + ",more\n") == "1:6 header")
        #expect(fault("\u{FEFF}\u{FEFF}" + Self.header + "\n") == "1:1 header")
    }

    @Test func `a row with other columns than the header is refused`() {
        #expect(fault(Self.header + "\n1,2,3,4,5\n1,2,3,4\n") == "3:5 column_count")
        #expect(fault(Self.header + "\n1,2,3,4,5,6\n") == "2:6 column_count")
        #expect(fault(Self.header + "\n1,2,3,4,5\n\n") == "3:2 column_count")
        #expect(fault(Self.header + "\n1,\"2\n\n\",3") == "4:4 column_count")
    }

    @Test func `a quote that is never closed is refused where it begins`() {
        #expect(fault(Self.header + "\n1,2,3,4,5\n1,\"2,3,4,5\n1,2,3,4,5\n") == "3:2 unterminated_quote")
        #expect(fault(Self.header + "\n\"") == "2:1 unterminated_quote")
    }

    @Test func `stray quotes and carriage returns are refused`() {
        #expect(fault(Self.header + "\n1,2\"x\",3,4,5\n") == "2:2 stray_quote")
        #expect(fault(Self.header + "\n1,\"2\"x,3,4,5\n") == "2:2 stray_quote")
        #expect(fault(Self.header + "\n1,2,3,4,5\rx") == "2:5 stray_quote")
        #expect(fault(Self.header + "\n1,2,3,4,5\r") == "2:5 stray_quote")
    }

    @Test func `fields and rows are taken to their limit and not beyond`() throws {
        let limits = CSVLimits(fieldBytes: 60, rowBytes: 100)
        let field = String(repeating: "x", count: 60)
        let fits = Self.header + "\n\(field),2,3,4,5\n"
        #expect(try rows(Array(fits.utf8), cutInto: 9, limits: limits).first?.first == field)
        #expect(fault(Self.header + "\n\(field)x,2,3,4,5\n", limits: limits) == "2:1 too_long")
        #expect(fault(Self.header + "\n\(field),\(field),3,4,5\n", limits: limits) == "2:2 too_long")
        #expect(fault(Self.header + "\n1,2,\"\(field)x", limits: limits) == "2:3 too_long")
    }
}
