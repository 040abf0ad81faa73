extension JSONWriter {
    func appendNull() {
        buffer.append(contentsOf: "null".utf8)
    }

    func append(_ value: Bool) {
        buffer.append(contentsOf: (value ? "true" : "false").utf8)
    }

    func append(_ value: String) {
        JSONText.append(value, to: &buffer)
    }

    func append(_ value: some FixedWidthInteger) {
        JSONText.append(value, to: &buffer)
    }

    /// Integers wider than other tools' numbers are written as strings.
    func appendQuoted(_ value: some FixedWidthInteger) {
        buffer.append(JSONText.quote)
        JSONText.append(value, to: &buffer)
        buffer.append(JSONText.quote)
    }
}
