internal import SagaEngine

/// Counters and histograms by name and labels, written in Prometheus' text format.
///
/// Labels come from bounded sets (codes, verbs, counterparties), never from data; a metric with ``seriesLimit``
/// label combinations takes no new ones.
public final class Metrics: Sendable {
    /// The most label combinations one metric has.
    public static let seriesLimit = 1_000

    /// A metric's labels, in the order they are written.
    public typealias Labels = KeyValuePairs<String, String>

    struct Family {
        let help: StaticString
        let kind: String
        private(set) var counters: [String: Int64] = [:]
        private(set) var histograms: [String: Histogram] = [:]

        init(help: StaticString, kind: String) {
            self.help = help
            self.kind = kind
        }

        /// Changed in place: every event of every saga comes here, and a copy of the table would be made for each.
        mutating func count(_ series: String, by step: Int64) {
            if let place = counters.index(forKey: series) {
                counters.values[place] += step
            } else if counters.count < Metrics.seriesLimit {
                counters[series] = step
            }
        }

        mutating func observe(_ series: String, _ value: Double, _ bounds: [Double]) {
            if let place = histograms.index(forKey: series) {
                histograms.values[place].observe(value)
            } else if histograms.count < Metrics.seriesLimit {
                histograms[series, default: Histogram(bounds: bounds)].observe(value)
            }
        }
    }

    struct Histogram {
        let bounds: [Double]
        var counts: [Int64]
        var sum = 0.0
        var total: Int64 = 0

        init(bounds: [Double]) {
            self.bounds = bounds
            counts = bounds.map { _ in 0 }
        }

        mutating func observe(_ value: Double) {
            for (index, bound) in bounds.enumerated() where value <= bound { counts[index] += 1 }
            sum += value
            total += 1
        }
    }

    private let families = Locked<[String: Family]>([:])

    /// No metrics yet.
    public init() {}

    /// Seconds, from a tenth of a millisecond to a minute.
    public static let latencies = [
        0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60,
    ]
    /// Sizes of batches, in powers of two.
    public static let sizes: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096, 8_192]

    /// Counts something.
    public func count(_ name: String, _ help: StaticString, _ labels: Labels = [:], by step: Int64 = 1) {
        let series = Self.series(labels)
        families.withLock { families in
            families[name, default: Family(help: help, kind: "counter")].count(series, by: step)
        }
    }

    /// Adds an observation to a histogram.
    public func observe(
        _ name: String, _ help: StaticString, _ value: Double, bounds: [Double] = latencies, _ labels: Labels = [:]
    ) {
        let series = Self.series(labels)
        families.withLock { families in
            families[name, default: Family(help: help, kind: "histogram")].observe(series, value, bounds)
        }
    }

    /// The counters and histograms in Prometheus' text format, version 0.0.4.
    public var text: String {
        let families = families.withLock { $0 }
        var text = MetricsText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.begin(name, "\(family.help)", kind: family.kind)
            for (series, value) in family.counters.sorted(by: { $0.key < $1.key }) {
                text.add(name, series: series, "\(value)")
            }
            for (series, histogram) in family.histograms.sorted(by: { $0.key < $1.key }) {
                text.add(name, series: series, histogram)
            }
        }
        return text.text
    }

    static func series(_ labels: Labels) -> String {
        var series = ""
        for (key, value) in labels {
            if !series.isEmpty { series += "," }
            series += key
            series += "=\""
            series += escaped(value)
            series += "\""
        }
        return series
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return text }
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            case let other: escaped.unicodeScalars.append(other)
            }
        }
        return escaped
    }
}
