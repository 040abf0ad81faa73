// The bodies that every replay reads, off the text that the engine has written of them.

extension IntentBody.Header: CursorReadable {
    init?(_ cursor: inout JSONCursor) {
        guard cursor.pass(#"{"to":""#), let to = cursor.text(), cursor.pass(#","kind":""#),
            let kind = cursor.text(), cursor.pass(#","reference":""#), let reference = cursor.text(),
            cursor.pass(#","operation":""#), let operation = cursor.text()
        else { return nil }
        self.init(
            to: CounterpartyName(rawValue: to), kind: kind, reference: reference, operation: operation, lane: nil,
            exposure: nil)
        if cursor.pass(#","lane":""#) {
            guard let lane = cursor.text() else { return nil }
            self.lane = lane
        }
        if cursor.pass(#","exposure":"#) {
            guard let exposure = Exposure(&cursor) else { return nil }
            self.exposure = exposure
        }
        guard cursor.pass("}") else { return nil }
    }
}

extension ReceiptBody: CursorReadable {
    init?(_ cursor: inout JSONCursor) {
        guard cursor.pass(#"{"receipt":"#), let receipt = Receipt(&cursor), cursor.pass(#","by":""#) else { return nil }
        let verb: CallVerb
        if cursor.pass(#"deliver""#) {
            verb = .deliver
        } else if cursor.pass(#"find""#) {
            verb = .find
        } else {
            return nil
        }
        // What went over the wire is for people; that it is well-formed is seen to all the same.
        if cursor.pass(#","exchange":{"status":""#) {
            guard cursor.passText(), cursor.pass(#","latency":"#), cursor.integer() != nil,
                cursor.pass(#","answer":""#), cursor.passText(), cursor.pass("}")
            else { return nil }
        }
        guard cursor.pass("}") else { return nil }
        self.init(receipt: receipt, by: verb)
    }
}

extension NoticeBody: CursorReadable {
    init?(_ cursor: inout JSONCursor) {
        guard cursor.pass(#"{"number":"#), let number = cursor.integer(), cursor.pass(#","id":""#),
            let id = cursor.text(), cursor.pass(#","order":""#), let order = cursor.text(),
            cursor.pass(#","facts":"#), let facts = Facts(&cursor), cursor.pass("}")
        else { return nil }
        self.init(number: number, id: id, order: StageName(rawValue: order), facts: facts)
    }
}

extension Receipt: CursorReadable {
    init?(_ cursor: inout JSONCursor) {
        guard cursor.pass(#"{"id":""#), let id = cursor.text(), cursor.pass(#","state":""#) else { return nil }
        let state: State
        if cursor.pass(#"accepted""#) {
            state = .accepted
        } else if cursor.pass(#"settled""#) {
            state = .settled
        } else {
            return nil
        }
        guard cursor.pass(#","facts":"#), let facts = Facts(&cursor), cursor.pass("}") else { return nil }
        self.init(id: id, state: state, facts: facts)
    }
}

extension Exposure: CursorReadable {
    init?(_ cursor: inout JSONCursor) {
        guard cursor.pass(#"{"asset":""#), let asset = cursor.text(), cursor.pass(#","amount":""#),
            let amount = cursor.integer(), cursor.pass(#"","decimals":"#), let decimals = cursor.integer(),
            cursor.pass("}")
        else { return nil }
        self.init(asset: asset, amount: Int128(amount), decimals: Int(decimals))
    }
}

extension Facts: CursorReadable {
    /// How many facts are read this way: enough for every instruction, few enough to compare each name with all others.
    private static let most = 8

    init?(_ cursor: inout JSONCursor) {
        guard cursor.pass("{") else { return nil }
        var entries: [(String, String)] = []
        entries.reserveCapacity(4)
        if !cursor.pass("}") {
            var names = InlineArray<8, Range<Int>>(repeating: 0..<0)
            repeat {
                guard entries.count < Self.most, cursor.pass("\""), let name = cursor.plain(), cursor.pass(":\"") else {
                    return nil
                }
                for earlier in 0..<entries.count where cursor.areEqual(names[earlier], name) { return nil }
                names[entries.count] = name
                guard let value = cursor.text() else { return nil }
                entries.append((cursor.text(in: name), value))
            } while cursor.pass(",")
            guard cursor.pass("}") else { return nil }
        }
        self.init(entries: entries)
    }
}
