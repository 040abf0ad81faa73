/// Time and processor time from a moment on.
struct StageMeter: Sendable {
    private let began = Machine.nanoseconds()
    private let processor = Machine.processorNanoseconds()

    func read(stages: Int, tape: TransactionTape) -> StageFigures {
        let seconds = Double(Machine.nanoseconds() - began) / 1e9
        let busy = Double(Machine.processorNanoseconds() - processor) / 1e3
        return StageFigures(
            stages: stages, seconds: seconds, processorMicroseconds: busy, transactions: tape.count,
            operations: tape.operations)
    }
}

/// What one run of so many stages took.
struct StageFigures: Sendable {
    let stages: Int
    let seconds: Double
    let processorMicroseconds: Double
    let transactions: Int
    let operations: Int

    var rate: Double { Double(stages) / seconds }
    var batch: Double { Double(operations) / Double(transactions) }
    var commitsPerSecond: Double { Double(transactions) / seconds }
    var processorPerStage: Double { processorMicroseconds / Double(stages) }
    var processorShare: Double { processorMicroseconds / (seconds * 1e6) }
}
