internal import Foundation

/// Follows the counterparties' journals while they grow, to know how far the work is.
package final class CounterpartyTail {
    /// What the counterparties have carried out.
    package struct Count {
        package var effects = 0
        package var transfers = 0
        package var mints = 0
        package var mintOrders = 0
        package var deliveries = 0
    }

    /// How much is read at a time, in bytes: a journal may be larger than memory.
    private static let portion = 4 << 20

    private let folder: String
    private var offsets: [String: UInt64] = [:]
    private var rests: [String: Data] = [:]
    package private(set) var count = Count()

    package init(folder: String) {
        self.folder = folder
    }

    /// Reads what is new.
    package func read() throws -> Count {
        for party in ["custodian", "blockchain", "bank"] {
            guard let file = FileHandle(forReadingAtPath: "\(folder)/\(party).ndjson") else { continue }
            defer { file.closeFile() }
            try file.seek(toOffset: offsets[party] ?? 0)
            while let data = try file.read(upToCount: Self.portion), !data.isEmpty {
                offsets[party, default: 0] += UInt64(data.count)
                let bytes = (rests[party] ?? Data()) + data
                var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                rests[party] = lines.popLast().map { Data($0) }
                for line in lines { take(String(decoding: line, as: UTF8.self)) }
            }
        }
        return count
    }

    private func take(_ line: String) {
        if line.hasPrefix(#"{"event":"accepted""#), line.contains(#""operation":"mint""#) { count.mintOrders += 1 }
        guard line.hasPrefix(#"{"event":"effect""#) else { return }
        count.effects += 1
        if line.contains(#""operation":"transfer""#) { count.transfers += 1 }
        if line.contains(#""operation":"mint""#) { count.mints += 1 }
        if line.contains(#""operation":"deliver""#) { count.deliveries += 1 }
    }
}
