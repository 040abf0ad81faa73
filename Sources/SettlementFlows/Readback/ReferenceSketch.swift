/// A set of references in a few kilobytes, however many they are: enough to see whether two sets differ, and where.
///
/// References fall into buckets by hash, and each bucket keeps how many there are and the sum of their hashes. Equal
/// sketches mean equal sets but for a chance of one in 2⁶⁴; where sketches differ, so do the sets.
struct ReferenceSketch: Equatable {
    /// How many buckets there are.
    static let buckets = 4_096

    private var counts = [Int](repeating: 0, count: buckets)
    private var sums = [UInt64](repeating: 0, count: buckets)
    private(set) var count = 0

    mutating func insert(_ reference: String) {
        let hash = Self.hash(reference)
        let bucket = Int(hash % UInt64(Self.buckets))
        count += 1
        counts[bucket] += 1
        sums[bucket] &+= hash
    }

    /// The first few buckets in which two sketches differ.
    func differing(from other: ReferenceSketch, atMost limit: Int) -> [Int] {
        var found: [Int] = []
        for bucket in 0..<Self.buckets where found.count < limit {
            if counts[bucket] != other.counts[bucket] || sums[bucket] != other.sums[bucket] { found.append(bucket) }
        }
        return found
    }

    static func bucket(of reference: String) -> Int { Int(hash(reference) % UInt64(buckets)) }

    /// FNV-1a of 64 bits (Fowler, Noll, Vo), stirred so that every bit counts in the bucket and in the sum.
    private static func hash(_ reference: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in reference.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ (hash >> 29)
    }
}
