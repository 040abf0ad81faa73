internal import SagaEngine

/// What the daemon, or a store opened in its place, has answered.
struct Answer: Sendable, Equatable {
    let data: JSONValue
    let page: JSONValue?

    init(data: JSONValue, page: JSONValue? = nil) {
        self.data = data
        self.page = page
    }

    /// The answer as one JSON document, in the API's own envelope.
    var document: String {
        var members = [JSONValue.Member("data", data)]
        if let page { members.append(.init("page", page)) }
        return JSONValue.object(members).text() + "\n"
    }

    /// The elements of an answer that is a list.
    var rows: [JSONValue] { data.arrayValue ?? [] }

    /// How many there are in all, where the answer says so.
    var total: Int64? { page?["total"]?.integerValue }
}

extension JSONValue {
    /// The text of a member as it may be shown to people; empty when it has none.
    ///
    /// What is not seen is written as its code, also where it was stored before such names were refused.
    func text(_ name: String) -> String {
        let text = self[name]?.stringValue ?? ""
        return Self.words.contains(name) ? PlainText.escaping(text) : PlainText.escaping(name: text)
    }

    /// A text as it may be shown to people; `nil` when it is none.
    var shown: String? { stringValue.map { PlainText.escaping(name: $0) } }

    /// Members that hold words rather than names.
    private static let words = ["message", "reason", "detail", "body"]

    /// The integer of a member; 0 when it has none.
    func integer(_ name: String) -> Int64 { self[name]?.integerValue ?? 0 }

    /// The elements of a member; none when it is no list.
    func list(_ name: String) -> [JSONValue] { self[name]?.arrayValue ?? [] }
}
