import Testing

@testable import SagaEngine

@Suite struct DecidedEffectTests {
    private static let refused = Notice.Verdict.refused(Sample.reason)
    private static let settlements: [EntryContent] = [
        .told("pay"), .found(FoundBody(order: Sample.stage("pay"), receipt: Sample.receipt, exchange: Sample.exchange)),
        .resolved(
            ResolvedBody(order: Sample.stage("pay"), evidence: "letter", actor: "ann", facts: ["amount": "5"])),
    ]

    private static func claim(_ verdict: Notice.Verdict, _ facts: Facts = [:]) -> Notice.Claim {
        Notice.Claim(reference: "S-1/pay#0", verdict: verdict, facts: facts)
    }

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
        #expect(try effect(0, once).isContradicted(by: Self.claim(.settled)))
        #expect(try !effect(0, once).isContradicted(by: Self.claim(Self.refused)))
        #expect(try !effect(0, once).isContradicted(by: Self.claim(.progress("soon"))))
        #expect(try !effect(1, once).isContradicted(by: Self.claim(.settled)))
        #expect(try !effect(0, [("mint", 0, .refusedByParty)]).isContradicted(by: Self.claim(.settled)))
    }

    @Test(arguments: settlements.indices)
    func `a settlement of any kind is contradicted by a refusal under its key alone`(_ index: Int) throws {
        let settlement = Self.settlements[index]
        #expect(try effect(0, [("paid", 0, settlement)]).isContradicted(by: Self.claim(Self.refused)))
        #expect(try !effect(0, [("paid", 0, settlement)]).isContradicted(by: Self.claim(.settled)))
        #expect(try !effect(1, [("paid", 0, settlement)]).isContradicted(by: Self.claim(Self.refused)))
        let second: [(String, Int, EntryContent)] = [("pay", 0, .refusedByParty), ("paid", 0, settlement)]
        #expect(try effect(0, second).isContradicted(by: Self.claim(.settled)))
        #expect(try !effect(0, second).isContradicted(by: Self.claim(Self.refused)), "what was settled is the next key")
        #expect(try effect(1, second).isContradicted(by: Self.claim(Self.refused)))
    }

    @Test(arguments: settlements.indices)
    func `a settlement is contradicted by one that states another fact, and by no other`(_ index: Int) throws {
        let paid = try effect(0, [("paid", 0, Self.settlements[index])])
        #expect(paid.isContradicted(by: Self.claim(.settled, ["amount": "6"])))
        #expect(!paid.isContradicted(by: Self.claim(.settled, ["amount": "5"])))
        #expect(!paid.isContradicted(by: Self.claim(.settled, ["to": "A-1"])))
        #expect(!paid.isContradicted(by: Self.claim(.progress("soon"), ["amount": "6"])))
        #expect(try !effect(1, [("paid", 0, Self.settlements[index])]).isContradicted(by: Self.claim(.settled)))
        let old = EntryContent.resolved(ResolvedBody(order: Sample.stage("pay"), evidence: "letter", actor: "ann"))
        #expect(try !effect(0, [("paid", 0, old)]).isContradicted(by: Self.claim(.settled, ["amount": "6"])))
    }

    @Test func `only kinds that can contradict count, and all of them are asked for`() throws {
        let open = try effect(0, [("pay", 0, .accepted()), ("pay", 0, .slept)])
        #expect(!open.isContradicted(by: Self.claim(Self.refused)))
        for verdict in [Notice.Verdict.settled, Self.refused] {
            let kinds = DecidedEffect.kinds(against: verdict)
            #expect(kinds.contains(.refused) && Self.settlements.allSatisfy { kinds.contains($0.kind) })
        }
        #expect(DecidedEffect.kinds(against: .progress("soon")).isEmpty)
    }

    @Test func `a body that cannot be read settles nothing`() {
        var effect = DecidedEffect(of: IdempotencyKey(saga: Sample.saga, stage: Sample.stage("pay"), refusals: 0))
        effect.take(.found, of: Sample.stage("paid"), refusals: 0, body: Array("{".utf8))
        #expect(!effect.isContradicted(by: Self.claim(Self.refused)))
    }
}
