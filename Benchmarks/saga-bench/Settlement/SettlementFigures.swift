/// What the settlement of one offering took.
struct SettlementFigures {
    let investors: Int
    let stages: Int
    /// From the submission to the end, by the daemon's own rows.
    let seconds: Double
    /// Before that: both files uploaded, checked and sealed.
    let loadingSeconds: Double
    /// The most memory that each daemon has held, in bytes.
    let peakMemory: [Int]
    let sandboxPeakMemory: Int
    /// Processor time of all daemons and of the counterparties, in microseconds.
    let processor: Int
    let sandboxProcessor: Int
    let database: DatabaseUsage
    let databaseBytes: Int
    /// What is wrong with how it ended; nothing when it settled.
    let faults: [String]

    var rate: Double { Double(stages) / seconds }
    /// Of the daemon that took most.
    var largestMemory: Int { peakMemory.max() ?? 0 }

    func report() {
        Report.line(
            "\(Text.count(Double(investors))) investors: \(Text.count(Double(stages))) durable stages in "
                + "\(Text.decimal(seconds, 1)) s, \(Text.count(rate)) stages/s "
                + "(loading before that \(Text.decimal(loadingSeconds, 1)) s)")
        Report.line(
            "  \(peakMemory.count == 1 ? "runner" : "runners"): peak memory "
                + "\(peakMemory.map(Text.megabytes).joined(separator: ", ")), \(used(processor)); "
                + "database \(each(databaseBytes, 0)) bytes a stage")
        Report.line(
            "  counterparties: peak memory \(Text.megabytes(sandboxPeakMemory)), \(used(sandboxProcessor))")
        if database.commits > 0 { reportServer() }
        for fault in faults { Report.line("  WRONG: \(fault)") }
        if faults.isEmpty { Report.line("  settled: completed, and the four books agree") }
    }

    private func reportServer() {
        Report.line(
            "  server: \(database.processor.map(used) ?? "not on this machine"); "
                + "\(each(database.logged, 0)) bytes of WAL a stage; "
                + "\(Text.count(Double(database.commits) / seconds)) transactions/s")
        let most = database.rowsRead.sorted { $0.value > $1.value }
        let rows = most.prefix(6).map { "\($0.key) \(each($0.value, 1))" }.joined(separator: ", ")
        Report.line("  rows read a stage: \(each(most.reduce(0) { $0 + $1.value }, 1)) (\(rows))")
    }

    private func used(_ processor: Int) -> String {
        "\(each(processor, 0)) µs of processor a stage, \(Text.decimal(Double(processor) / 1e6 / seconds, 2)) cores"
    }

    private func each(_ value: Int, _ places: Int) -> String { Text.decimal(Double(value) / Double(stages), places) }
}
