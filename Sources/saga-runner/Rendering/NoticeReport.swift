internal import SagaEngine

/// Callbacks as people read them.
struct NoticeReport {
    let ink: Ink
    let moments: Moments

    /// One a line.
    func list(_ notices: [JSONValue]) -> String {
        guard !notices.isEmpty else { return "no notice matches\n" }
        var text = ink.bold("NUMBER".padded(to: 9) + "STANDING".padded(to: 13) + "FROM".padded(to: 12) + "ABOUT") + "\n"
        for notice in notices {
            text += String(notice.integer("number")).padded(to: 9) + notice.text("standing").padded(to: 13)
            text += notice.text("source").padded(to: 12)
            text += PlainText.escaping(notice.text("reference") + "  \(Self.verdict(notice))")
            text += "  " + ink.dim(moments.distance(notice.text("received_at"))) + "\n"
        }
        return text
    }

    /// Everything about one.
    func detail(_ notice: JSONValue) -> String {
        let party = notice.text("source")
        var rows = [
            ("notice", "\(notice.integer("number")), \(notice.text("standing"))"),
            ("from", "\(party), its id \(notice.text("id"))"),
            ("received", moments.full(notice.text("received_at"))), ("reference", notice.text("reference")),
            ("says", Self.verdict(notice)),
            ("body", "sha256 \(notice.text("body_sha256"))"),
        ]
        if let saga = notice["saga"]?.shown { rows.insert(("saga", saga), at: 1) }
        if let operation = notice["operation"]?.shown { rows.append(("operation", operation)) }
        if let receipt = notice["receipt"]?.shown { rows.append(("receipt", receipt)) }
        if let standing = NoticeStanding(rawValue: notice.text("standing")) {
            rows.append(("means", standing.meaning))
        }
        for fact in notice["facts"]?.objectValue ?? [] {
            rows.append((fact.name, fact.value.shown ?? PlainText.escaping(fact.value.text())))
        }
        if let body = notice["body"]?.shown ?? notice["body_base64"]?.shown {
            rows.append(("in full", Self.shortened(body)))
        }
        // Anybody who reaches the port can have had it stored: it must do nothing to the terminal.
        let plain = rows.map { (name: PlainText.escaping($0.0), text: PlainText.escaping($0.1)) }
        let width = plain.map(\.name.count).max() ?? 0
        return plain.map { "\(ink.bold($0.name.padded(to: width)))  \($0.text)\n" }.joined()
    }

    /// The most characters of a body that are shown.
    private static let longestBody = 4_000

    private static func shortened(_ body: String) -> String {
        guard body.count > longestBody else { return body }
        return "\(body.prefix(longestBody)) … (all \(body.utf8.count) bytes with --json)"
    }

    /// What a notice says became of the order, with the code of a refusal.
    static func verdict(_ notice: JSONValue) -> String {
        let refusal = notice["refusal"]?["code"]?.shown ?? notice["refusal"]?.shown
        return refusal.map { "\(notice.text("verdict")): \($0)" } ?? notice.text("verdict")
    }
}
