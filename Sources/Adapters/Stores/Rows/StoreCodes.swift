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
