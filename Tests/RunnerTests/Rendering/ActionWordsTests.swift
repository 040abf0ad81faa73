import SagaEngine
import Testing

@testable import saga_runner

@Suite struct ActionWordsTests {
    @Test func `every action says what it has set going`() {
        let actions = ActionCommand.commands.map(\.name)
        #expect(actions.count == 6)
        let sentences = actions.map { ActionWords.sentence($0) }
        #expect(Set(sentences).count == actions.count)
        #expect(!sentences.contains(ActionWords.sentence("another")), "none falls through")
    }

    @Test func `retry is offered where there is an attempt to make, and says so where there is none`() {
        let all = ["retry", "resume", "discard"]
        for cause in [Predicament.Cause.awaitingChildren, .awaitingMoment, .halted] {
            #expect(ActionOffer.of(all, at: cause) == ["resume", "discard"])
            #expect(!ActionWords.sentence("retry", at: cause).contains("the waiting attempt is made now"))
        }
        for cause in [Predicament.Cause.awaitingNotice, .awaitingRetry, .heldBack, .overdue, .exhausted, .mismatch] {
            #expect(ActionOffer.of(all, at: cause) == all)
            #expect(ActionWords.sentence("retry", at: cause) == ActionWords.sentence("retry"))
        }
        #expect(ActionOffer.of(all, at: nil) == all)
    }

    @Test func `every standing of a notice is explained in the help`() {
        for standing in NoticeStanding.allCases {
            #expect(NoticeStanding.glossary.contains("  \(standing.rawValue)"), "\(standing)")
        }
    }
}
