internal import Adapters
internal import SagaEngine

/// The sandbox's own routes: faults, accounts' standing, journals, and where callbacks go.
struct AdminRoutes: Sendable {
    let house: SandboxHouse
    let sender: CallbackSender

    func add(to router: inout Router) {
        router.on(.get, "/admin/faults") { _ in faults() }
        router.on(.post, "/admin/faults") { await addFault($0) }
        router.on(.delete, "/admin/faults") { _ in
            await change { world, _ in
                world.faults.quiet()
                return Self.done
            }
        }
        router.on(.put, "/admin/{party}/accounts/{account}/{standing}") { await setStanding($0) }
        router.on(.get, "/admin/{party}/effects") { effects($0) }
        router.on(.get, "/admin/{party}/attempts") { attempts($0) }
        router.on(.put, "/admin/callback") { redirect($0) }
    }

    private static let done = HTTPServerResponse.json(200, Array(#"{"done":true}"#.utf8))

    private func faults() -> HTTPServerResponse {
        let counts = house.read { $0.faults.counts }
        let cells = counts.cells.map { kind, verb, count in
            JSONValue.object([
                .init("kind", .string(kind.rawValue)), .init("verb", .string(verb.rawValue)),
                .init("count", .number(JSONNumber(count))),
            ])
        }
        return .json(200, JSONValue.object([.init("faults", .array(cells))]).bytes())
    }

    private func addFault(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        do {
            let rule = try FaultRule(json: request.body)
            return await change { world, _ in
                world.faults.add(rule)
                    ? Self.done : SandboxResponses.badRequest("there are \(FaultPlan.ruleLimit) rules already")
            }
        } catch {
            return SandboxResponses.badRequest("\(error)")
        }
    }

    private func setStanding(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        guard let party = party(request) else { return SandboxResponses.notFound("there is no such counterparty") }
        guard let standing = AccountStanding(rawValue: request.parameter("standing")) else {
            return SandboxResponses.badRequest("the standing must be open, frozen or closed")
        }
        return await change { world, _ in
            guard world.book(of: party).account(request.parameter("account")) != nil else {
                return SandboxResponses.notFound("there is no such account")
            }
            world.set(request.parameter("account"), standing, at: party)
            return Self.done
        }
    }

    private func effects(_ request: HTTPServerRequest) -> HTTPServerResponse {
        guard let party = party(request) else { return SandboxResponses.notFound("there is no such counterparty") }
        guard let after = Int(request.query("after") ?? "0"), let limit = Int(request.query("limit") ?? "1000"),
            after >= 0, (1...10_000).contains(limit)
        else { return SandboxResponses.badRequest("after must be from 0, limit from 1 to 10000") }
        let effects = house.read { Array($0.book(of: party).effects.dropFirst(after).prefix(limit)) }
        let lines = effects.flatMap { PartyEvent.effect($0).line + [UInt8(ascii: "\n")] }
        return HTTPServerResponse(status: 200, headers: ["Content-Type": "application/x-ndjson"], body: lines)
    }

    private func attempts(_ request: HTTPServerRequest) -> HTTPServerResponse {
        guard let party = party(request) else { return SandboxResponses.notFound("there is no such counterparty") }
        let attempts = house.read { $0.book(of: party).attempts }
        let members = attempts.sorted { $0.key < $1.key }
            .map { JSONValue.Member($0.key.rawValue, .number(JSONNumber($0.value))) }
        return .json(200, JSONValue.object(members).bytes())
    }

    private func redirect(_ request: HTTPServerRequest) -> HTTPServerResponse {
        let value: JSONValue
        do { value = try JSONValue.parse(request.body) } catch { return SandboxResponses.badRequest("\(error)") }
        let addresses = value["addresses"]?.arrayValue?.map(\.stringValue) ?? [value["address"]?.stringValue]
        let valid = addresses.compactMap { $0 }.filter { $0.hasPrefix("http://127.0.0.1:") }
        guard valid.count == addresses.count, !valid.isEmpty else {
            return SandboxResponses.badRequest("address must be on loopback: http://127.0.0.1:PORT/webhooks")
        }
        sender.redirect(to: valid)
        return Self.done
    }

    private func party(_ request: HTTPServerRequest) -> CounterpartyName? {
        SandboxParty(rawValue: request.parameter("party")).map { CounterpartyName(rawValue: $0.rawValue) }
    }

    private func change(
        _ body: @Sendable (inout SimulatedWorld, Timestamp) -> HTTPServerResponse
    ) async -> HTTPServerResponse {
        do { return try await house.change(body) } catch { return SandboxResponses.cut }
    }
}
