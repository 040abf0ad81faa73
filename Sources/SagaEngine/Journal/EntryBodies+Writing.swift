// The bodies that every stage writes, straight into bytes.

extension IntentBody.Header: JSONWritable {
    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("to", to.rawValue)
            line.member("kind", kind)
            line.member("reference", reference)
            line.member("operation", operation)
            if let lane { line.member("lane", lane) }
            if let exposure { try line.member("exposure", exposure) }
        }
    }
}

extension ReceiptBody: JSONWritable {
    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("receipt", receipt)
            line.member("by", by.rawValue)
            if let exchange { try line.member("exchange", exchange) }
        }
    }
}

extension NoticeBody: JSONWritable {
    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("number", number)
            line.member("id", id)
            line.member("order", order.rawValue)
            try line.member("facts", facts)
        }
    }
}

extension OutcomeBody: JSONWritable {
    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("status", status.rawValue)
            line.member("output", output)
        }
    }
}

extension Receipt: JSONWritable {
    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("id", id)
            line.member("state", state.rawValue)
            try line.member("facts", facts)
        }
    }
}

extension Exchange: JSONWritable {
    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("status", status)
            line.member("latency", latency.milliseconds)
            line.member("answer", answer)
        }
    }
}

extension Exposure: JSONWritable {
    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("asset", asset)
            line.member("amount", amount)
            line.member("decimals", decimals)
        }
    }
}

extension Facts: JSONWritable {
    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            guard writeEntries(to: &line) else { throw CodecError(.duplicateKey, offset: line.count) }
        }
    }
}

extension Facts {
    /// Writes name and value of each; returns whether no name comes twice, compared as they stand in the text.
    private func writeEntries(to line: inout JSONLine) -> Bool {
        withUnsafeTemporaryAllocation(of: Range<Int>.self, capacity: entries.count) { names in
            for (index, entry) in entries.enumerated() {
                let name = line.entry(entry.0, entry.1)
                for earlier in 0..<index where ByteScan.equal(names[earlier], name, in: line.written) { return false }
                names.initializeElement(at: index, to: name)
            }
            return true
        }
    }
}

extension FactMismatch: JSONWritable {
    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("name", name)
            line.member("expected", expected)
            if let actual { line.member("actual", actual) }
        }
    }
}

extension Predicament: JSONWritable {
    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("cause", cause.rawValue)
            line.member("stage", stage.rawValue)
            line.member("message", message)
            if let until { line.member("until", until.milliseconds) }
            line.member("since", since.milliseconds)
            line.member("attempts", attempts)
            try line.array("mismatches", of: mismatches)
            if let notice { line.member("notice", notice) }
            if let awaits { line.member("awaits", awaits.rawValue) }
        }
    }
}
