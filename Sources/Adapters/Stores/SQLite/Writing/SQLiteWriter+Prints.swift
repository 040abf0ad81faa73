internal import SagaEngine

extension SQLiteWriter {
    /// Keeps a print of what an operator did or was refused.
    func keep(_ print: OperatorPrint) throws -> StoreResult {
        let text = PrintText.write(print)
        let bytes = Array(text.utf8)
        try connection.run(
            "INSERT INTO print VALUES(?, ?, ?, ?)", .integer(tail.lastPrint + 1), .integer(tail.lastEntry),
            .integer(now.milliseconds), .text(text))
        tail.lastPrint += 1
        tail.links.append(link(of: bytes))
        return .done
    }
}
