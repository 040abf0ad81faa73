/// Prometheus' text format, version 0.0.4, line by line.
public struct MetricsText: Sendable {
    /// What has been written.
    public private(set) var text = ""

    /// Nothing yet.
    public init() {}

    /// Begins a metric.
    ///
    /// - Parameters:
    ///   - name: its name, such as `saga_runner_sagas`.
    ///   - help: a sentence.
    ///   - kind: `counter`, `gauge` or `histogram`.
    public mutating func begin(_ name: String, _ help: String, kind: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    /// Adds a gauge with one value.
    public mutating func gauge(_ name: String, _ help: String, _ value: some BinaryInteger) {
        begin(name, help, kind: "gauge")
        add(name, value)
    }

    /// Adds a value of the metric begun last.
    public mutating func add(_ name: String, _ value: some BinaryInteger, _ labels: Metrics.Labels = [:]) {
        add(name, series: Metrics.series(labels), "\(value)")
    }

    mutating func add(_ name: String, series: String, _ value: String) {
        text += series.isEmpty ? "\(name) \(value)\n" : "\(name){\(series)} \(value)\n"
    }

    mutating func add(_ name: String, series: String, _ histogram: Metrics.Histogram) {
        let prefix = series.isEmpty ? "" : series + ","
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(count)\n"
        }
        text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(histogram.total)\n"
        add(name + "_sum", series: series, "\(histogram.sum)")
        add(name + "_count", series: series, "\(histogram.total)")
    }
}
