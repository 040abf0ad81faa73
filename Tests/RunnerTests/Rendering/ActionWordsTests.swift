import SagaEngine
import Testing

@testable import saga_runner

@Suite struct ActionWordsTests {
    @Test func `every action says what it has set going`() {
        let actions = ActionCommand.commands.map(\.name)
        #expect(actions.count == 6)
        let sentences = actions.map(ActionWords.sentence)
        #expect(Set(sentences).count == actions.count)
        #expect(!sentences.contains(ActionWords.sentence("another")), "none falls through")
    }

    @Test func `every standing of a notice is explained in the help`() {
        for standing in NoticeStanding.allCases {
            #expect(NoticeStanding.glossary.contains("  \(standing.rawValue)"), "\(standing)")
        }
    }
}
