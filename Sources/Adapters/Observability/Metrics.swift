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
        var help: String
        var kind: String
        var counters: [String: Int64] = [:]
        var histograms: [String: Histogram] = [:]
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
            var family = families[name] ?? Family(help: "\(help)", kind: "counter")
            if family.counters[series] != nil || family.counters.count < Self.seriesLimit {
                family.counters[series, default: 0] += step
            }
            families[name] = family
        }
    }

    /// Adds an observation to a histogram.
    public func observe(
        _ name: String, _ help: StaticString, _ value: Double, bounds: [Double] = latencies, _ labels: Labels = [:]
    ) {
        let series = Self.series(labels)
        families.withLock { families in
            var family = families[name] ?? Family(help: "\(help)", kind: "histogram")
            if family.histograms[series] != nil || family.histograms.count < Self.seriesLimit {
                family.histograms[series, default: Histogram(bounds: bounds)].observe(value)
            }
            families[name] = family
        }
    }

    /// The counters and histograms in Prometheus' text format, version 0.0.4.
    public var text: String {
        let families = families.withLock { $0 }
        var text = MetricsText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.begin(name, family.help, kind: family.kind)
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
        labels.map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(separator: ",")
    }

    private static func escaped(_ text: String) -> String {
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
