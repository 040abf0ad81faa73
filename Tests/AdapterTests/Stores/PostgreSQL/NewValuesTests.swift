import Testing

@testable import Adapters

@Suite struct NewValuesTests {
    private static func shown(_ count: Int, in values: inout NewValues, space: Int64 = 1) {
        for _ in 0..<count { values.note(in: space, isAbsent: true) }
    }

    @Test func `values are taken to be new in a space where the last ones were, and in no other`() {
        var values = NewValues()
        Self.shown(NewValues.firstRun - 1, in: &values)
        #expect(!values.areExpected(in: 1))
        Self.shown(1, in: &values)
        #expect(values.areExpected(in: 1) && !values.areExpected(in: 2))
    }

    @Test func `one that was there ends it`() {
        var values = NewValues()
        Self.shown(100, in: &values)
        values.note(in: 1, isAbsent: false)
        #expect(!values.areExpected(in: 1))
        Self.shown(NewValues.firstRun, in: &values)
        #expect(values.areExpected(in: 1))
    }

    @Test func `after a mistake more of them must have been new`() {
        var values = NewValues()
        Self.shown(NewValues.firstRun, in: &values)
        Self.shown(1, in: &values, space: 2)
        values.doubt(spaces: [1])
        Self.shown(NewValues.firstRun, in: &values)
        #expect(!values.areExpected(in: 1))
        Self.shown(3 * NewValues.firstRun, in: &values)
        #expect(values.areExpected(in: 1))
        Self.shown(NewValues.firstRun - 1, in: &values, space: 2)
        #expect(values.areExpected(in: 2), "it was not about that space")
    }
}
