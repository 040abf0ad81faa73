import SagaEngine
import Testing

@Suite struct RFC3339Tests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-03-02T01:16:51.271Z", 1_772_414_211_271),
            ("2000-02-29T23:59:59.9Z", 951_868_799_900), ("1969-12-31T23:59:59.999Z", -1),
            ("2026-03-16T09:00:00.05Z", 1_773_651_600_050), ("0000-01-01T00:00:00Z", RFC3339.first),
            ("9999-12-31T23:59:59.999Z", RFC3339.last), ("1900-02-28T00:00:00Z", -2_203_977_600_000),
        ] as [(String, Int64)])
    func `a moment is read to the millisecond`(text: String, milliseconds: Int64) {
        #expect(RFC3339.milliseconds(text) == milliseconds)
    }

    @Test(arguments: [
        "", "2026-03-02", "2026-03-02T01:16:51", "2026-03-02T01:16:51+08:00", "2026-03-02 01:16:51Z",
        "2026-03-02t01:16:51z", "2026-3-02T01:16:51Z", "2026-13-02T01:16:51Z", "2026-00-02T01:16:51Z",
        "2026-02-29T01:16:51Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-03-00T00:00:00Z",
        "2026-03-02T24:00:00Z", "2026-03-02T01:60:00Z", "2026-03-02T01:16:60Z", "2026-03-02T01:16:51.Z",
        "2026-03-02T01:16:51.1234Z", "2026-03-02T01:16:51.12 Z", "+026-03-02T01:16:51Z", "2026-03-02T01:16:51.12ZZ",
        " 2026-03-02T01:16:51Z", "2026-03-02T01:16:51Z ", "2026-03-02T01:16:5١Z",
    ])
    func `what is not the one form, or no real moment, is refused`(text: String) {
        #expect(RFC3339.milliseconds(text) == nil)
    }

    @Test func `text and milliseconds lead back to each other on every day of eight centuries`() {
        var milliseconds: Int64 = -12_219_292_800_000 + 12_345_678
        while milliseconds < 13_000_000_000_000 {
            #expect(RFC3339.milliseconds(RFC3339.text(milliseconds)) == milliseconds)
            milliseconds += 86_400_000
        }
        for edge in [RFC3339.first, RFC3339.last, -1, 0, 1] {
            #expect(RFC3339.milliseconds(RFC3339.text(edge)) == edge)
        }
    }

    @Test func `a timestamp reads and writes the same text`() {
        let moment = Timestamp(rfc3339: "2026-03-16T09:00:00Z")
        #expect(moment?.rfc3339 == "2026-03-16T09:00:00.000Z")
        #expect(Timestamp(rfc3339: "2026-03-16") == nil)
        #expect(Timestamp(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).rfc3339 == "0000-01-01T00:00:00.000Z")
    }

    @Test func `text always has three digits of a fraction`() {
        #expect(RFC3339.text(1_773_651_600_000) == "2026-03-16T09:00:00.000Z")
        #expect(RFC3339.text(-1) == "1969-12-31T23:59:59.999Z")
    }
}
