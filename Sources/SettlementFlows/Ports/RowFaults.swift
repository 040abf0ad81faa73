/// The rows of a file that cannot be: the first of them one by one, in the file's order, and how many more there are.
public struct RowFaults: Error, Equatable, Sendable, CustomStringConvertible {
    /// The most faults that are named one by one.
    public static let named = 20

    /// The first faults by line, at most ``named`` and one for a line; never empty.
    public private(set) var first: [RowFault]
    /// How many faults there are besides.
    public private(set) var more = 0

    /// One fault.
    public init(_ fault: RowFault) {
        first = [fault]
    }

    /// Takes another fault in; of two on one line the one that came first stays.
    public mutating func add(_ fault: RowFault) {
        guard !first.contains(where: { $0.line == fault.line }) else { return }
        let place = first.firstIndex { $0.line > fault.line } ?? first.count
        first.insert(fault, at: place)
        guard first.count > Self.named else { return }
        first.removeLast()
        more += 1
    }

    /// Takes others in.
    public mutating func add(_ others: RowFaults) {
        for fault in others.first { add(fault) }
        more += others.more
    }

    /// The same with each named fault as another one.
    public func map(_ transform: (RowFault) throws -> RowFault) rethrows -> RowFaults {
        var faults = self
        faults.first = try first.map(transform)
        return faults
    }

    /// The fault on the lowest line.
    public var lowest: RowFault { first[0] }

    /// Every named fault with its place, and how many more there are.
    public var description: String {
        first.map(\.description).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
    }
}
