import SagaEngine
import Testing

@testable import Adapters

@Suite struct MetricsTests {
    @Test func `counters add up by their labels and are written in order`() {
        let metrics = Metrics()
        metrics.count("calls_total", "Calls.", ["party": "bank", "verb": "find"])
        metrics.count("calls_total", "Calls.", ["party": "bank", "verb": "deliver"], by: 2)
        metrics.count("calls_total", "Calls.", ["party": "bank", "verb": "find"])
        metrics.count("bells_total", "Bells.")
        #expect(
            metrics.text == """
                # HELP bells_total Bells.
                # TYPE bells_total counter
                bells_total 1
                # HELP calls_total Calls.
                # TYPE calls_total counter
                calls_total{party="bank",verb="deliver"} 2
                calls_total{party="bank",verb="find"} 2

                """)
    }

    @Test func `a call for several instructions is counted once`() throws {
        let metrics = Metrics()
        let observer = EngineObserver(
            metrics: metrics, logger: Logger(level: .error, format: .json, clock: SystemClock()))
        let saga = try #require(SagaID(rawValue: "A"))
        for shared in [false, true, true] {
            observer.record(
                .called(
                    saga, StageName(rawValue: "record"), "blockchain", .deliver, code: "unknown_timeout",
                    latency: .zero, shared: shared))
        }
        #expect(
            metrics.text.contains(
                #"calls_total{counterparty="blockchain",verb="deliver",code="unknown_timeout"} 1"#), "\(metrics.text)")
        #expect(metrics.text.contains(#"call_seconds_count{counterparty="blockchain",verb="deliver"} 1"#))
    }

    @Test func `a histogram counts each observation in every bucket that holds it`() {
        let metrics = Metrics()
        for value in [1.0, 3, 9] { metrics.observe("size", "Sizes.", value, bounds: [1, 4]) }
        #expect(
            metrics.text == """
                # HELP size Sizes.
                # TYPE size histogram
                size_bucket{le="1.0"} 1
                size_bucket{le="4.0"} 2
                size_bucket{le="+Inf"} 3
                size_sum 13.0
                size_count 3

                """)
    }

    @Test func `quotes, backslashes and line ends in a label stay within it`() {
        #expect(Metrics.series(["a": #"x"y\z"# + "\n", "b": "plain"]) == #"a="x\"y\\z\n",b="plain""#)
    }

    @Test func `a metric takes so many series and goes on counting those it has`() {
        let metrics = Metrics()
        for number in 0..<Metrics.seriesLimit { metrics.count("many_total", "Many.", ["number": "\(number)"]) }
        metrics.count("many_total", "Many.", ["number": "one too many"])
        metrics.count("many_total", "Many.", ["number": "0"])
        #expect(!metrics.text.contains("one too many"))
        #expect(metrics.text.contains(#"many_total{number="0"} 2"#))
        #expect(metrics.text.split(separator: "\n").count == 2 + Metrics.seriesLimit)
    }
}
