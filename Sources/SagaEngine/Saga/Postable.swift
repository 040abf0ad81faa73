/// What a stage posts to the books, as data.
public protocol Postable: Codable, Sendable, JSONWritable {
    /// The records it consists of.
    func records() throws -> [Record]
}
