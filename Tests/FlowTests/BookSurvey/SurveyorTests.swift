import Testing

@testable import SettlementFlows

@Suite struct SurveyorTests {
    @Test func `one difficulty is one, and of many the first are named`() {
        var difficulties = Surveyor.Difficulties()
        difficulties.note("the account A is frozen")
        #expect(difficulties.sentence == "1 difficulty: the account A is frozen; mend it and resume, or cancel")
        difficulties.note("the account B is closed")
        #expect(
            difficulties.sentence == "2 difficulties: the account A is frozen; the account B is closed; "
                + "mend them and resume, or cancel")
        for _ in 0..<Sentences.named { difficulties.note("more") }
        #expect(difficulties.sentence.hasSuffix("more; and 2 more; mend them and resume, or cancel"))
    }
}
