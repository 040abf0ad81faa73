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
            return ByteScan.repeated(entries[first...].map { $0.start..<$0.keyEnd }, in: buffer) != nil
        }
        for later in first..<entries.count {
            let key = entries[later].start..<entries[later].keyEnd
            for earlier in first..<later
            where ByteScan.equal(entries[earlier].start..<entries[earlier].keyEnd, key, in: buffer) {
                return true
            }
        }
        return false
    }

    /// Puts the entries into the order of their bytes; by key, the quotes do not count.
    private func sortEntries(from first: Int, byKey: Bool) {
        guard entries.count - first > 1, let begin = entries[first...].first?.start else { return }
        var pieces: [(order: ArraySlice<UInt8>, text: ArraySlice<UInt8>)] = []
        for index in first..<entries.count {
            let entry = entries[index]
            // The comma before the next entry stays behind.
            let end = index + 1 < entries.count ? entries[index + 1].start - 1 : buffer.count
            let text = buffer[entry.start..<end]
            pieces.append((byKey ? buffer[(entry.start + 1)..<(entry.keyEnd - 1)] : text, text))
        }
        pieces.sort { $0.order.lexicographicallyPrecedes($1.order) }
        var sorted: [UInt8] = []
        sorted.reserveCapacity(buffer.count - begin)
        for piece in pieces {
            if !sorted.isEmpty { sorted.append(UInt8(ascii: ",")) }
            sorted.append(contentsOf: piece.text)
        }
        pieces.removeAll()
        buffer.replaceSubrange(begin..., with: sorted)
    }
}
