internal import SagaEngine

extension PartyReply {
    /// One reply to a batch: each order's own answer, unless one of them ruins the whole exchange.
    public static func combining(_ replies: [(reference: String, reply: PartyReply)]) -> PartyReply {
        var answers: [(reference: String, answer: SandboxAnswer)] = []
        var combined = PartyReply(answer: .cut)
        var ruin: Answer?
        for (reference, reply) in replies {
            combined.delay = max(combined.delay, reply.delay)
            combined.early += reply.early
            switch reply.answer {
            case .document(let answer): answers.append((reference, answer))
            case .garbage, .flood, .cut: ruin = ruin ?? reply.answer
            }
        }
        combined.answer = ruin ?? .document(SandboxAnswer(status: 200, body: SandboxDialect.outcomes(answers)))
        return combined
    }
}
