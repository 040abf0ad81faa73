internal import SagaEngine

// The numbers that stand for statuses and standings in rows. They are durable: add to them, never renumber. The indexes
// `saga_stuck`, `notice_orphan` and `notice_odd` know 3, 5 and "above 1".

extension SagaStatus {
    var storeCode: Int64 {
        switch self {
        case .pending: 0
        case .running: 1
        case .waiting: 2
        case .stuck: 3
        case .compensating: 4
        case .completed: 5
        case .cancelled: 6
        case .closed: 7
        }
    }

    private static let byCode: [SagaStatus] = allCases.sorted { $0.storeCode < $1.storeCode }

    init(storeCode: Int64) throws(StoreError) {
        guard Self.byCode.indices.contains(Int(storeCode)) else {
            throw StoreError(.corrupt, "a saga's row has the status \(storeCode), which does not exist")
        }
        self = Self.byCode[Int(storeCode)]
    }
}

extension NoticeStanding {
    var storeCode: Int64 {
        switch self {
        case .fresh: 0
        case .consumed: 1
        case .late: 2
        case .mismatched: 3
        case .conflicting: 4
        case .orphan: 5
        case .quarantined: 6
        }
    }

    private static let byCode: [NoticeStanding] = allCases.sorted { $0.storeCode < $1.storeCode }

    init(storeCode: Int64) throws(StoreError) {
        guard Self.byCode.indices.contains(Int(storeCode)) else {
            throw StoreError(.corrupt, "a notice has the standing \(storeCode), which does not exist")
        }
        self = Self.byCode[Int(storeCode)]
    }
}

/// What wakes a sleeping saga beside the clock, as kept in its row.
struct SleepBits: OptionSet {
    let rawValue: Int64

    static let onNotice = SleepBits(rawValue: 1)
    static let onChildren = SleepBits(rawValue: 2)
}

/// Amounts at stake as text in a row: one a line, `amount decimals asset`; NULL when there are none.
enum ExposureText {
    static func write(_ exposures: [Exposure]) throws(StoreError) -> String {
        var text = ""
        for exposure in exposures {
            guard !exposure.asset.utf8.contains(UInt8(ascii: "\n")) else {
                throw StoreError(.misuse, "an asset's code holds a line break")
            }
            // Printing 128 bits takes long, and nearly every amount fits 64.
            text += Int64(exactly: exposure.amount)?.description ?? exposure.amount.description
            text += " \(exposure.decimals) \(exposure.asset)\n"
        }
        return text
    }

    static func read(_ text: String) throws(StoreError) -> [Exposure] {
        var exposures: [Exposure] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let amount = Int128(next(&rest, upTo: " ")), let decimals = Int(next(&rest, upTo: " ")),
                !rest.isEmpty
            else {
                throw StoreError(.corrupt, "a saga's row has amounts at stake that cannot be read")
            }
            exposures.append(
                Exposure(asset: String(next(&rest, upTo: "\n")), amount: amount, decimals: decimals))
        }
        return exposures
    }

    /// Takes what comes before the next such character, and the character with it.
    private static func next(_ text: inout Substring, upTo end: Unicode.Scalar) -> Substring {
        let index = text.utf8.firstIndex(of: UInt8(ascii: end)) ?? text.endIndex
        defer { text = index == text.endIndex ? "" : text[text.utf8.index(after: index)...] }
        return text[..<index]
    }
}
