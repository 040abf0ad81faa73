import SagaEngine
import Testing

@Suite struct StoredNoticeTests {
    @Test func `what contradicts nothing is fresh once it is bound, or late when its saga has ended`() {
        for standing in NoticeStanding.allCases {
            let isInUse = standing == .fresh || standing == .consumed
            #expect(standing.bound(contradicts: false, ended: false) == (isInUse ? nil : .fresh), "\(standing)")
            #expect(standing.bound(contradicts: false, ended: true) == (isInUse ? nil : .late), "\(standing)")
        }
    }

    @Test(arguments: [false, true])
    func `what contradicts is put aside by binding it, but for what nobody was shown as that`(_ ended: Bool) {
        for standing in NoticeStanding.allCases {
            let expected: NoticeStanding? =
                switch standing {
                case .consumed: nil
                case .fresh, .conflicting, .late: .late
                case .orphan, .quarantined, .mismatched: .conflicting
                }
            #expect(standing.bound(contradicts: true, ended: ended) == expected, "\(standing)")
        }
    }

    /// Tables tell no difference between an empty text and none, so a claim has none to tell.
    @Test func `a claim with an empty operation or receipt is one without`() {
        let empty = Notice.Claim(reference: "r", verdict: .settled, facts: [:], operation: "", receiptID: "")
        #expect(empty == Notice.Claim(reference: "r", verdict: .settled, facts: [:]))
        let full = Notice.Claim(reference: "r", verdict: .settled, facts: [:], operation: "mint", receiptID: "7")
        #expect(full.operation == "mint" && full.receiptID == "7")
    }
}
