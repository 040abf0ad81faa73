/// The first of many sentences for the operator, and how many there are.
struct Sentences {
    /// How many are told one by one.
    static let named = 20

    private(set) var count = 0
    private(set) var first: [String] = []

    mutating func note(_ sentence: String) {
        count += 1
        if first.count < Self.named { first.append(sentence) }
    }

    /// How many there are of something, and the first of them.
    func words(_ one: String, _ many: String) -> String {
        let more = count - first.count
        return "\(count) \(count == 1 ? one : many): " + first.joined(separator: "; ")
            + (more > 0 ? "; and \(more) more" : "")
    }
}
