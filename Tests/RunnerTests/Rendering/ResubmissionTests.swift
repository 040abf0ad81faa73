import Testing

@testable import saga_runner

@Suite struct ResubmissionTests {
    @Test(arguments: ["cancelled", "closed"])
    func `a saga that was called off is said to settle nothing any more`(_ status: String) {
        let words = Resubmission.words(for: "SG-1", status: status)
        #expect(words.contains("is \(status)") && words.contains("another id"))
        #expect(Resubmission.isOver(status))
    }

    @Test(arguments: ["waiting", "stuck", "completed"])
    func `any other saga stands, and is not begun twice`(_ status: String) {
        let words = Resubmission.words(for: "SG-1", status: status)
        #expect(words == "SG-1 exists already, with the same content, and is \(status); nothing is done twice")
    }
}
