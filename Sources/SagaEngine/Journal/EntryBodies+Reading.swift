// The bodies that every replay reads, straight from the tokens.

extension IntentBody.Header: TapeReadable {
    init(_ reader: TapeReader, at index: Int) throws(CodecError) {
        try reader.expect(.object, at: index)
        to = CounterpartyName(rawValue: try reader.string("to", of: index))
        kind = try reader.string("kind", of: index)
        reference = try reader.string("reference", of: index)
        operation = try reader.string("operation", of: index)
        if let lane = reader.optional("lane", of: index) { self.lane = try reader.string(lane) }
        if let exposure = reader.optional("exposure", of: index) {
            self.exposure = try Exposure(reader, at: exposure)
        }
    }
}

extension ReceiptBody: TapeReadable {
    init(_ reader: TapeReader, at index: Int) throws(CodecError) {
        try reader.expect(.object, at: index)
        receipt = try Receipt(reader, at: try reader.required("receipt", of: index))
        by = try reader.choice("by", of: index, as: CallVerb.self)
    }
}

extension NoticeBody: TapeReadable {
    init(_ reader: TapeReader, at index: Int) throws(CodecError) {
        try reader.expect(.object, at: index)
        number = try reader.integer(try reader.required("number", of: index), as: Int64.self)
        id = try reader.string("id", of: index)
        order = StageName(rawValue: try reader.string("order", of: index))
        facts = try Facts(reader, at: try reader.required("facts", of: index))
    }
}

extension Receipt: TapeReadable {
    init(_ reader: TapeReader, at index: Int) throws(CodecError) {
        try reader.expect(.object, at: index)
        self.init(
            id: try reader.string("id", of: index), state: try reader.choice("state", of: index, as: State.self),
            facts: try Facts(reader, at: try reader.required("facts", of: index)))
    }
}

extension Exposure: TapeReadable {
    init(_ reader: TapeReader, at index: Int) throws(CodecError) {
        try reader.expect(.object, at: index)
        self.init(
            asset: try reader.string("asset", of: index),
            amount: try reader.wideInteger(try reader.required("amount", of: index), as: Int128.self),
            decimals: try reader.integer(try reader.required("decimals", of: index), as: Int.self))
    }
}

extension Facts: TapeReadable {
    init(_ reader: TapeReader, at index: Int) throws(CodecError) {
        try reader.expect(.object, at: index)
        var entries: [(String, String)] = []
        entries.reserveCapacity(4)
        var name = index + 1
        while name < Int(reader.tape[index].next) {
            entries.append((reader.text(of: reader.tape[name]), try reader.string(name + 1)))
            name = Int(reader.tape[name + 1].next)
        }
        self.init(entries: entries)
    }
}
