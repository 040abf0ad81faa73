import Foundation
import Testing

@testable import Adapters
@testable import saga_runner

@Suite struct AuditWordsTests {
    @Test func `every fault of the chain is a sentence of its own with its place, and no code`() {
        let sentences = AuditFault.Code.allCases.map { code in
            AuditWords.sentence(AuditFault(code: code, saga: "A", sequence: 4, number: 6))
        }
        #expect(Set(sentences).count == AuditFault.Code.allCases.count)
        for sentence in sentences {
            #expect(sentence.contains("saga A, entry 4 of its journal, "))
            #expect(!sentence.contains("audit."))
        }
        let seal = AuditWords.sentence(AuditFault(code: .sealBroken, saga: nil, sequence: nil, number: 6))
        let entry = AuditWords.sentence(AuditFault(code: .entryAltered, saga: "A", sequence: 4, number: 15_000))
        #expect(entry.hasSuffix("(saga A, entry 4 of its journal, number in the whole journal 15000)"))
        #expect(seal == "a seal does not follow from the one before it and from what it seals (seal 6)")
    }

    @Test func `one of a kind is told in the singular`() {
        #expect(AuditWords.counts(entries: 1, prints: 1, seals: 1) == "1 entry, 1 operator action, 1 seal")
        #expect(AuditWords.counts(entries: 2, prints: 0, seals: 3) == "2 entries, 0 operator actions, 3 seals")
    }

    @Test func `what to do next is written where the remedy says`() throws {
        let place = try DemoFiles.find("docs/operating/recovering.md")
        let page = try String(contentsOfFile: place, encoding: .utf8)
        #expect(page.contains("\n## When the audit chain is broken\n") && AuditWords.remedy.contains("recovering.md"))
    }
}
