import Foundation
import Testing

/// Flows that break the law's order do not compile; each differs in one line from a twin that does, and that runs.
@Suite struct IllegalFlowsTests {
    @Test(arguments: IllegalFlow.all)
    func `an illegal flow is refused by the compiler, for the reason it names`(flow: IllegalFlow) throws {
        let changed = try flow.changedLines()
        #expect(changed.count == 1, "the twin of \(flow.name) must differ in one line, not \(changed.count)")
        let reason = try #require(try flow.reason(in: changed), "\(flow.name) must say why it is refused")
        let verdict = try Compiler.check(flow.source, beside: try flow.others())
        #expect(verdict.status != 0, "\(flow.name) compiles")
        #expect(verdict.errors.contains { $0.contains(reason) }, "\(flow.name): \(verdict.errors)")
        let line = changed[0].number
        // What later lines would have inferred from the refused one is not told from it.
        let others = verdict.errors.filter { !$0.hasPrefix("\(line):") && !$0.contains("could not be inferred") }
        #expect(others.isEmpty, "another line is refused, too")
    }

    @Test(arguments: IllegalFlow.twins)
    func `a legal twin compiles`(twin: String) throws {
        let others = IllegalFlow.twins.filter { $0 != twin }.map { IllegalFlow.twin($0) }
        let verdict = try Compiler.check(
            try String(contentsOf: IllegalFlow.twin(twin), encoding: .utf8), beside: others)
        #expect(verdict.status == 0, "\(verdict.errors)")
    }

    @Test func `every illegal flow has a twin and every twin an illegal flow`() throws {
        #expect(IllegalFlow.all.count == 12)
        #expect(Set(try IllegalFlow.all.map { try $0.twinName() }) == Set(IllegalFlow.twins))
    }
}
