import Testing

@testable import SagaEngine

@Suite struct DecidedEffectTests {
    private static let refused = Notice.Verdict.refused(Sample.reason)
    private static let settlements: [EntryContent] = [
        .told("pay"), .found(FoundBody(order: Sample.stage("pay"), receipt: Sample.receipt, exchange: Sample.exchange)),
        .resolved(ResolvedBody(order: Sample.stage("pay"), evidence: "letter", actor: "ann")),
    ]

    /// What entries, each with its stage and its refusals, make of the effect of `pay` after some refusals.
    private func effect(_ refusals: Int, _ entries: [(String, Int, EntryContent)]) throws -> DecidedEffect {
        var effect = DecidedEffect(
            of: IdempotencyKey(saga: Sample.saga, stage: Sample.stage("pay"), refusals: refusals))
        for (stage, count, content) in entries {
            effect.take(content.kind, of: Sample.stage(stage), refusals: count, body: try content.encoded())
        }
        return effect
    }

    @Test func `a refusal is contradicted by a settlement under its key alone`() throws {
        let once: [(String, Int, EntryContent)] = [("pay", 0, .refusedByParty)]
        #expect(try effect(0, once).isContradicted(by: .settled))
        #expect(try !effect(0, once).isContradicted(by: Self.refused))
        #expect(try !effect(0, once).isContradicted(by: .progress("soon")))
        #expect(try !effect(1, once).isContradicted(by: .settled))
        #expect(try !effect(0, [("mint", 0, .refusedByParty)]).isContradicted(by: .settled))
    }

    @Test(arguments: settlements.indices)
    func `a settlement of any kind is contradicted by a refusal under its key alone`(_ index: Int) throws {
        let settlement = Self.settlements[index]
        #expect(try effect(0, [("paid", 0, settlement)]).isContradicted(by: Self.refused))
        #expect(try !effect(0, [("paid", 0, settlement)]).isContradicted(by: .settled))
        #expect(try !effect(1, [("paid", 0, settlement)]).isContradicted(by: Self.refused))
        let second: [(String, Int, EntryContent)] = [("pay", 0, .refusedByParty), ("paid", 0, settlement)]
        #expect(try effect(0, second).isContradicted(by: .settled))
        #expect(try !effect(0, second).isContradicted(by: Self.refused), "what was settled is the next key")
        #expect(try effect(1, second).isContradicted(by: Self.refused))
    }

    @Test func `only kinds that can contradict count, and all of them are asked for`() throws {
        #expect(try !effect(0, [("pay", 0, .accepted()), ("pay", 0, .slept)]).isContradicted(by: Self.refused))
        #expect(DecidedEffect.kinds(against: .settled) == [.refused])
        let kinds = DecidedEffect.kinds(against: Self.refused)
        #expect(Self.settlements.allSatisfy { kinds.contains($0.kind) })
        #expect(DecidedEffect.kinds(against: .progress("soon")).isEmpty)
    }

    @Test func `a body that cannot be read settles nothing`() {
        var effect = DecidedEffect(of: IdempotencyKey(saga: Sample.saga, stage: Sample.stage("pay"), refusals: 0))
        effect.take(.found, of: Sample.stage("paid"), refusals: 0, body: Array("{".utf8))
        #expect(!effect.isContradicted(by: Self.refused))
    }
}
