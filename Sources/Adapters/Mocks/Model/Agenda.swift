internal import SagaEngine

/// What is still to happen, in order of time and then of being noted; a binary heap.
struct Agenda<Item: Sendable>: Sendable {
    private struct Entry {
        var at: Timestamp
        var number: UInt64
        var item: Item
    }

    private var heap: [Entry] = []
    private var number: UInt64 = 0

    /// When the next item is due.
    var next: Timestamp? { heap.first?.at }
    /// How many items there are.
    var count: Int { heap.count }

    mutating func note(_ item: Item, at moment: Timestamp) {
        heap.append(Entry(at: moment, number: number, item: item))
        number += 1
        var child = heap.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the next item out if it is due.
    mutating func takeDue(at now: Timestamp) -> Item? {
        guard let first = heap.first, first.at <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) {
                least = child
            }
            guard least != parent else { return first.item }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].at, heap[left].number) < (heap[right].at, heap[right].number)
    }
}
