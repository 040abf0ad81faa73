/// A set kept in order, in chunks, so that thousands of insertions and removals stay cheap and iteration never depends
/// on a hash seed.
struct SortedSet<Element: Comparable> {
    private static var chunkLimit: Int { 256 }
    private var chunks: [[Element]] = []

    /// How many elements there are.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// The smallest element.
    var first: Element? { chunks.first?.first }

    /// Adds an element; one that is there already is left alone.
    mutating func insert(_ element: Element) {
        guard !chunks.isEmpty else {
            chunks.append([element])
            count = 1
            return
        }
        let index = min(chunkIndex(notBefore: element), chunks.count - 1)
        let place = Self.place(of: element, in: chunks[index])
        if place < chunks[index].count, chunks[index][place] == element { return }
        chunks[index].insert(element, at: place)
        count += 1
        if chunks[index].count > Self.chunkLimit { split(index) }
    }

    /// Removes an element; one that is not there is not missed.
    mutating func remove(_ element: Element) {
        let index = chunkIndex(notBefore: element)
        guard index < chunks.count else { return }
        let place = Self.place(of: element, in: chunks[index])
        guard place < chunks[index].count, chunks[index][place] == element else { return }
        chunks[index].remove(at: place)
        count -= 1
        if chunks[index].isEmpty { chunks.remove(at: index) }
    }

    /// Calls the body with every element from a lower bound on, in order, for as long as it returns `true`.
    func forEach(from bound: Element?, _ body: (Element) -> Bool) {
        var index = 0
        var place = 0
        if let bound {
            index = chunkIndex(notBefore: bound)
            guard index < chunks.count else { return }
            place = Self.place(of: bound, in: chunks[index])
        }
        while index < chunks.count {
            for element in chunks[index][place...] {
                guard body(element) else { return }
            }
            index += 1
            place = 0
        }
    }

    private mutating func split(_ index: Int) {
        // An ascending run fills the last chunk; splitting it near its end keeps the chunks full.
        let isLast = index == chunks.count - 1
        let middle = isLast ? chunks[index].count - 1 : chunks[index].count / 2
        let tail = Array(chunks[index][middle...])
        chunks[index].removeSubrange(middle...)
        chunks.insert(tail, at: index + 1)
    }

    /// The first chunk whose last element is not before the given one.
    private func chunkIndex(notBefore element: Element) -> Int {
        var low = 0
        var high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if let last = chunks[middle].last, last < element { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func place(of element: Element, in chunk: [Element]) -> Int {
        var low = 0
        var high = chunk.count
        while low < high {
            let middle = (low + high) / 2
            if chunk[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
