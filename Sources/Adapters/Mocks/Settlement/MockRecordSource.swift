internal import SagaEngine

/// A mock party's orders, read back as over HTTP but without sockets: its faults strike here, too.
struct MockRecordSource: SandboxRecordSource {
    let world: MockWorld
    let party: CounterpartyName

    func records(of references: [String]) async throws(SandboxReadError) -> [SandboxRecord] {
        try await read { world, _ in world.lookUp(references, at: party) }.page
    }

    func records(
        under family: String, after place: String?
    ) async throws(SandboxReadError) -> (page: [SandboxRecord], next: String?) {
        let after = place.flatMap { Int($0) } ?? 0
        return try await read { world, now in
            world.list(party, under: family, after: after, limit: SandboxDialect.pageLimit, at: now)
        }
    }

    private func read(
        _ call: @Sendable (inout SimulatedWorld, Timestamp) -> PartyReply
    ) async throws(SandboxReadError) -> (page: [SandboxRecord], next: String?) {
        switch await world.answer(call) {
        case .answered(let answer):
            guard answer.status == 200 else { throw SandboxReadError(party, .status(answer.status)) }
            do { return try SandboxDialect.records(answer.body) } catch {
                throw SandboxReadError(party, .dialect(error))
            }
        case .notSent: throw SandboxReadError(party, .http(.notSent(.connectFailed)))
        case .uncertain: throw SandboxReadError(party, .http(.uncertain(.noAnswer)))
        }
    }
}
