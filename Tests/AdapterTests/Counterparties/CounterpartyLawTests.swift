import Adapters
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(1))) struct CounterpartyLawTests {
    @Test(arguments: SandboxParty.allCases, CounterpartyLaw.all)
    func `a mock keeps the law`(party: SandboxParty, law: CounterpartyLaw) async throws {
        let bench = MockBench(party)
        await #expect(throws: Never.self) { try await law.check(bench) }
    }

    @Test(arguments: SandboxParty.allCases, CounterpartyLaw.all)
    func `an adapter and the sandbox over HTTP keep the law`(party: SandboxParty, law: CounterpartyLaw) async throws {
        try await SandboxBench.run(party) { configuration in
            configuration.preparation = { BenchAccounts.open(in: &$0) }
        } _: { bench in
            await #expect(throws: Never.self) { try await law.check(bench) }
        }
    }
}
