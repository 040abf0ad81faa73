extension JSONWriter {
    /// Refuses members named twice, which no reader would take back, and sorts what hashing has shuffled.
    func closeEntries(of frame: Frame) throws(CodecError) {
        guard entries.count > frame.firstEntry else { return }
        if frame.isObject, hasRepeatedKey(from: frame.firstEntry) { throw fail(.duplicateKey) }
        if frame.sorting > 0 { sortEntries(from: frame.firstEntry, byKey: frame.isObject) }
        entries.removeLast(entries.count - frame.firstEntry)
    }

    private func hasRepeatedKey(from first: Int) -> Bool {
        if entries.count - first > 16 {
            let begin = entries[first].start
            let keys = entries[first...].map { ($0.start - begin)..<($0.keyEnd - begin) }
            return ByteScan.repeated(keys, in: written(from: begin)) != nil
        }
        for later in first..<entries.count {
            let key = entries[later].start..<entries[later].keyEnd
            for earlier in first..<later
            where ByteScan.equal(entries[earlier].start..<entries[earlier].keyEnd, key, in: line.written) {
                return true
            }
        }
        return false
    }

    /// Puts the entries into the order of their bytes; by key, the quotes do not count.
    private func sortEntries(from first: Int, byKey: Bool) {
        guard entries.count - first > 1, let begin = entries[first...].first?.start else { return }
        let text = written(from: begin)
        var pieces: [(order: ArraySlice<UInt8>, text: ArraySlice<UInt8>)] = []
        for index in first..<entries.count {
            let start = entries[index].start - begin
            // The comma before the next entry stays behind.
            let end = index + 1 < entries.count ? entries[index + 1].start - 1 - begin : text.count
            let whole = text[start..<end]
            pieces.append((byKey ? text[(start + 1)..<(entries[index].keyEnd - 1 - begin)] : whole, whole))
        }
        pieces.sort { $0.order.lexicographicallyPrecedes($1.order) }
        var sorted: [UInt8] = []
        sorted.reserveCapacity(text.count)
        for piece in pieces {
            if !sorted.isEmpty { sorted.append(UInt8(ascii: ",")) }
            sorted.append(contentsOf: piece.text)
        }
        line.replace(from: begin, with: sorted)
    }

    private func written(from begin: Int) -> [UInt8] {
        Array(line.written[begin...])
    }
}
