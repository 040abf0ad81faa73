internal import SagaEngine

extension PostgresWriter {
    /// Wakes parents whose last child has ended. Whoever commits the last one finds that none is left, since it looks
    /// after its commit; should this process die before it has looked, whoever finds its lease over looks for all.
    func lookAfterParents(in session: PostgresSession) {
        guard !barriers.isEmpty else { return }
        do {
            if let place = try barriers.look(on: session.connection, configuration, link.clock, last: lastPlace) {
                link.floors.lower(to: place)
                wakened()
            }
        } catch {
            // They stay to be looked at with the next batch, or by whoever finds the lease over.
            rollBack(session)
            if (error as? PostgresError)?.kind == .connection { link.lost(session) }
        }
    }

    /// Looks after parents whose last child seems to have ended, as the attendant finds them now and then.
    func lookAfter(_ parents: [SagaNumber]) throws {
        barriers.add(parents, at: max(lastPlace, ReadyPlace.first(at: link.clock.now())))
        lookAfterParents(in: try link.session())
    }
}
