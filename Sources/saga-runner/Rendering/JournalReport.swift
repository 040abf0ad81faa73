internal import SagaEngine

/// A saga's journal, an entry a line.
struct JournalReport {
    private static let bodyLimit = 120

    let entries: [JSONValue]
    let ink: Ink

    var text: String {
        guard !entries.isEmpty else { return "no further entries\n" }
        return entries.map { entry in
            let stage = entry.text("stage").isEmpty ? "-" : entry.text("stage")
            let body = entry["body"].map { $0.shown ?? PlainText.escaping($0.text()) } ?? ""
            let shown = body.count <= Self.bodyLimit ? body : body.prefix(Self.bodyLimit - 1) + "…"
            return String(entry.integer("sequence")).rightAligned(to: 5) + "  "
                + Moments.plain(entry.text("at")) + "  " + stage.padded(to: 16) + entry.text("kind").padded(to: 12)
                + ink.dim(shown) + "\n"
        }.joined()
    }
}
