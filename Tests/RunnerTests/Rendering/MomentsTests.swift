import SagaEngine
import Testing

@testable import saga_runner

struct MomentsTests {
    private static let spans: [(seconds: Int64, text: String)] = [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 1 s"), (3_600, "1 h"), (11_520, "3 h 12 min"),
        (266_405, "3 d 2 h"),
    ]

    @Test(arguments: spans)
    func `a time is told in its two largest units`(seconds: Int64, text: String) {
        #expect(Moments.span(seconds) == text)
    }

    @Test func `what lies ahead is told as such, and what is no moment is left as it is`() {
        let moments = Moments(now: Timestamp(milliseconds: 0))
        #expect(moments.full("1970-01-01T00:00:05Z") == "1970-01-01 00:00:05 UTC (in 5 s)")
        #expect(moments.full("soon") == "soon")
    }
}
