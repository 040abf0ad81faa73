internal import Adapters
internal import SagaEngine

/// One counterparty's routes: orders, batches, listings, accounts.
struct PartyRoutes: Sendable {
    let party: SandboxParty
    let house: SandboxHouse
    let sender: CallbackSender

    private var name: CounterpartyName { CounterpartyName(rawValue: party.rawValue) }

    func add(to router: inout Router) {
        let order = party.collection + "/{reference}"
        router.on(.put, order) { await put($0) }
        router.on(.get, order) { request in
            await answer { world, _ in world.find(request.parameter("reference"), at: name) }
        }
        router.on(.post, order + "/resend-notice") { request in
            await answer { world, now in
                world.requestNotice(about: request.parameter("reference"), from: name, at: now)
            }
        }
        router.on(.get, party.collection) { request in
            await listing(request) { world, now, limit in
                world.list(
                    name, under: request.query("under"), after: Int(request.query("after") ?? "0") ?? 0, limit: limit,
                    at: now)
            }
        }
        router.on(.post, party.lookup) { await lookUp($0) }
        router.on(.get, party.root + "/balances") { request in
            await listing(request) { world, _, limit in
                world.accounts(of: name, after: request.query("after") ?? "", limit: limit)
            }
        }
        router.on(.get, party.root + "/accounts/{account}") { request in
            await answer { world, _ in world.account(request.parameter("account"), of: name) }
        }
        if party == .blockchain { router.on(.post, party.collection) { await batch($0) } }
    }

    private func put(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        do {
            let (reference, order) = try SandboxDialect.order(request.body)
            guard reference == request.parameter("reference") else {
                return SandboxResponses.badRequest("the body names another reference than the path")
            }
            return await answer { world, now in world.deliver(order, reference: reference, to: name, at: now) }
        } catch {
            return SandboxResponses.badRequest("\(error)")
        }
    }

    private func lookUp(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        do {
            let references: [String] = try SandboxDialect.lookup(request.body)
            return await answer { world, _ in world.lookUp(references, at: name) }
        } catch {
            return SandboxResponses.badRequest("\(error)")
        }
    }

    private func batch(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        do {
            let orders = try SandboxDialect.batch(request.body)
            return await answer { world, now in
                PartyReply.combining(
                    orders.map { reference, order in
                        (reference, world.deliver(order, reference: reference, to: name, at: now))
                    })
            }
        } catch {
            return SandboxResponses.badRequest("\(error)")
        }
    }

    private func listing(
        _ request: HTTPServerRequest, _ body: @Sendable (inout SimulatedWorld, Timestamp, Int) -> PartyReply
    ) async -> HTTPServerResponse {
        let limit = Int(request.query("limit") ?? "100") ?? 0
        guard (1...SandboxDialect.pageLimit).contains(limit) else {
            return SandboxResponses.badRequest("limit must be a whole number from 1 to \(SandboxDialect.pageLimit)")
        }
        return await answer { world, now in body(&world, now, limit) }
    }

    private func answer(
        _ body: @Sendable (inout SimulatedWorld, Timestamp) -> PartyReply
    ) async -> HTTPServerResponse {
        let reply: PartyReply
        do { reply = try await house.change(body) } catch {
            // What the journal does not hold may not be promised, so there is no answer.
            return SandboxResponses.cut
        }
        for dispatch in reply.early {
            let acknowledged = await sender.send(dispatch)
            do {
                try await house.change { $0.noticeAnswered(dispatch, acknowledged: acknowledged, at: $1) }
            } catch { return SandboxResponses.cut }
        }
        if reply.delay > .zero { await house.clock.sleep(until: house.clock.now() + reply.delay) }
        return SandboxResponses.response(reply.answer)
    }
}
