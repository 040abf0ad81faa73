extension JSONWriter {
    func appendNull() {
        line.append("null")
    }

    func append(_ value: Bool) {
        line.append(value ? "true" : "false")
    }

    func append(_ value: String) {
        line.append(quoting: value)
    }

    func append(_ value: some FixedWidthInteger) {
        line.append(digitsOf: value)
    }

    /// Integers wider than other tools' numbers are written as strings.
    func appendQuoted(_ value: some FixedWidthInteger) {
        line.append(quotedDigitsOf: value)
    }
}
