import SagaEngine

/// Seven durable stages in the shape of one investor's settlement, two of them waits for a callback.
struct BenchSettlement: Saga {
    typealias Input = BenchLine
    typealias Output = BenchOutcome

    static let name = "bench-settlement"
    /// How many entries of a journal are stages: four receipts, two notices, one posting.
    static let stages = Stage.allCases.count

    enum Stage: String, SagaStage { case refund, transfer, transferred, deliver, delivered, post, record }

    func run(_ line: BenchLine, in saga: SagaContext<Stage>) async throws -> BenchOutcome {
        _ = try await saga.send(.refund, BenchRefund(line))
        let transfer = try await saga.send(.transfer, BenchTransfer(line))
        let paid = try await saga.receive(.transferred, from: transfer, within: .hours(48))
        let delivery = try await saga.send(.deliver, BenchDelivery(line, paid: paid))
        let approved = try await saga.receive(.delivered, from: delivery, within: .hours(48))
        let posted = try await saga.post(.post, BenchPosting(line, approvedBy: approved))
        let record = try await saga.send(.record, BenchRecord(line, posted: posted))
        return BenchOutcome(investor: line.investor, record: record.receipt.id)
    }
}
