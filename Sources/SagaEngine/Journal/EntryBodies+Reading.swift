// The bodies that every replay reads, straight from the tokens.

extension IntentBody.Header: JSONReadable {
    init(_ object: JSONObject) throws(CodecError) {
        to = CounterpartyName(rawValue: try object.string("to"))
        kind = try object.string("kind")
        reference = try object.string("reference")
        operation = try object.string("operation")
        if object.has("lane") { lane = try object.string("lane") }
        if object.has("exposure") { exposure = try object.value("exposure") }
    }
}

extension ReceiptBody: JSONReadable {
    init(_ object: JSONObject) throws(CodecError) {
        receipt = try object.value("receipt")
        by = try object.choice("by")
    }
}

extension NoticeBody: JSONReadable {
    init(_ object: JSONObject) throws(CodecError) {
        number = try object.integer("number")
        id = try object.string("id")
        order = StageName(rawValue: try object.string("order"))
        facts = try object.value("facts")
    }
}

extension Receipt: JSONReadable {
    /// Reads the object that its `Encodable` makes.
    public init(_ object: JSONObject) throws(CodecError) {
        self.init(
            id: try object.string("id"), state: try object.choice("state"), facts: try object.value("facts"))
    }
}

extension Exposure: JSONReadable {
    /// Reads the object that its `Encodable` makes.
    public init(_ object: JSONObject) throws(CodecError) {
        self.init(
            asset: try object.string("asset"), amount: try object.integer("amount"),
            decimals: try object.integer("decimals"))
    }
}

extension Facts: JSONReadable {
    /// Reads the object that its `Encodable` makes: each member is a fact.
    public init(_ object: JSONObject) throws(CodecError) {
        let (reader, tape) = (object.reader, object.reader.tape)
        var entries: [(String, String)] = []
        entries.reserveCapacity(4)
        var name = object.index + 1
        while name < Int(tape[object.index].next) {
            entries.append((reader.text(of: tape[name]), try reader.string(name + 1)))
            name = Int(tape[name + 1].next)
        }
        self.init(entries: entries)
    }
}
