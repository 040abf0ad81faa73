/// Collections that encode in the order of their hashes, which differs from process to process.
protocol HashOrdered {
    /// How many array elements make one entry when the collection encodes itself as an array.
    static var elementsPerEntry: Int { get }
}

extension Set: HashOrdered {
    static var elementsPerEntry: Int { 1 }
}

extension Dictionary: HashOrdered {
    static var elementsPerEntry: Int { 2 }
}
