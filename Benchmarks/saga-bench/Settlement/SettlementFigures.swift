/// What the settlement of one offering took.
struct SettlementFigures {
    let investors: Int
    let stages: Int
    /// From the submission to the end, by the daemon's own rows.
    let seconds: Double
    /// Before that: both files uploaded, checked and sealed.
    let loadingSeconds: Double
    let peakMemory: Int
    let sandboxPeakMemory: Int
    /// Processor time of the daemon and of the counterparties, in microseconds.
    let processor: Int
    let sandboxProcessor: Int
    let databaseBytes: Int
    /// What is wrong with how it ended; nothing when it settled.
    let faults: [String]

    func report() {
        func each(_ value: Int, _ places: Int) -> String { Text.decimal(Double(value) / Double(stages), places) }
        Report.line(
            "\(Text.count(Double(investors))) investors: \(Text.count(Double(stages))) durable stages in "
                + "\(Text.decimal(seconds, 1)) s, \(Text.count(Double(stages) / seconds)) stages/s "
                + "(loading before that \(Text.decimal(loadingSeconds, 1)) s)")
        Report.line(
            "  runner: peak memory \(Text.megabytes(peakMemory)), \(each(processor, 0)) µs of processor a stage, "
                + "\(Text.decimal(Double(processor) / 1e6 / seconds, 2)) cores; "
                + "database \(each(databaseBytes, 0)) bytes a stage")
        Report.line(
            "  counterparties: peak memory \(Text.megabytes(sandboxPeakMemory)), "
                + "\(each(sandboxProcessor, 0)) µs of processor a stage, "
                + "\(Text.decimal(Double(sandboxProcessor) / 1e6 / seconds, 2)) cores")
        for fault in faults { Report.line("  WRONG: \(fault)") }
        if faults.isEmpty { Report.line("  settled: completed, and the four books agree") }
    }
}
