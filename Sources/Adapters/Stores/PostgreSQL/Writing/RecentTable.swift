/// A table that keeps what was set last and forgets the rest: of the newest `limit` entries none, of those older than
/// twice as many all.
struct RecentTable<Key: Hashable, Value> {
    private let limit: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    subscript(key: Key) -> Value? {
        get { young[key] ?? (old.isEmpty ? nil : old[key]) }
        set {
            guard let newValue else {
                // Looking for a key takes its hash, even where nothing is.
                if !young.isEmpty { young[key] = nil }
                if !old.isEmpty { old[key] = nil }
                return
            }
            young[key] = newValue
            guard young.count >= limit else { return }
            old = young
            young = [:]
        }
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
