internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// Loading an offering and settling it.
enum OfferingRoutes {
    static let all: [APIRoute] = [
        APIRoute(
            method: .put, path: "/api/v1/offerings/{id}/investors", access: .role(.operator), body: .csv,
            summary: "Loads investors.csv; nothing of it shows unless every row is right.",
            handle: { try await load(.investors, $0) }),
        APIRoute(
            method: .put, path: "/api/v1/offerings/{id}/subscriptions", access: .role(.operator), body: .csv,
            summary: "Loads subscriptions.csv; nothing of it shows unless every row is right.",
            handle: { try await load(.subscriptions, $0) }),
        APIRoute(
            method: .post, path: "/api/v1/offerings/{id}/settlement", access: .role(.operator),
            body: .json(limit: OfferingFile.largestBytes),
            summary: "Settles the offering of these terms (offering.json) over what was loaded; the same again is 200.",
            query: OfferingPart.allCases.map(\.rawValue), members: Offering.Key.allCases.map(\.rawValue), success: 201,
            handle: settle),
        APIRoute(
            method: .get, path: "/api/v1/offerings/{id}", access: .role(.viewer), body: .none,
            summary: "The terms of a sealed offering and the digest of its content.", handle: show),
    ]

    private static func load(_ part: OfferingPart, _ call: APICall) async throws -> APIReply {
        guard let upload = call.request.upload else { throw APIFault.invalid("send the CSV file as the body") }
        let loader = OfferingLoader(book: call.service.book)
        let loaded = try await loader.load(part, of: try id(call), from: upload)
        return .data(
            .fields(
                ("part", .string(part.rawValue)), ("rows", .count(loaded.rows)),
                ("digest", .string("\(loaded.digest)"))))
    }

    private static func settle(_ call: APICall) async throws -> APIReply {
        let offering = try OfferingFile.read(call.request.body)
        guard offering.id == (try id(call)) else {
            throw APIFault(400, "offering.invalid", "the body is about \(offering.id), the path about another offering")
        }
        let content = LoadedContent(
            investors: try digest(of: .investors, call), subscriptions: try digest(of: .subscriptions, call))
        let digest = try await call.service.book.seal(offering, investors: .required, over: content)
        let saga = try Submission.saga(of: offering.id)
        let input = try JournalEncoder().encode(SealedOffering(offering: offering, input: digest))
        let isNew = try await Submission.submit(saga, OfferingSettlement.flow, input, call)
        let twin = isNew ? try await twin(of: offering, call) : nil
        return .data(
            .fields(
                ("saga", .string(saga.rawValue)), ("created", .bool(isNew)), ("input_digest", .string("\(digest)")),
                ("same_token_as", twin.map { .string($0.rawValue) })),
            status: isNew ? 201 : 200)
    }

    /// What the caller has loaded, as the upload was answered; `nil` when they leave it open.
    private static func digest(of part: OfferingPart, _ call: APICall) throws -> ContentDigest? {
        guard let text = call.request.query(part.rawValue) else { return nil }
        guard let digest = ContentDigest(rawValue: text) else {
            throw APIFault.invalid("\(part.rawValue) is the digest that the upload was answered with: 64 digits")
        }
        return digest
    }

    /// Another offering that makes the same token: whoever hands this one in hears of it before its preflight halts.
    private static func twin(of offering: Offering, _ call: APICall) async throws -> OfferingID? {
        let others = try await StoredNeighbours(tables: call.service.store, sagas: call.service.store)
            .unsettled(besides: offering.id)
        return others.first { $0.comesFirst && $0.makesSameToken(as: offering) }?.offering.id
    }

    private static func show(_ call: APICall) async throws -> APIReply {
        let id = try id(call)
        guard let sealed = try await call.service.book.sealed(id) else {
            throw APIFault.notFound("offering", id.rawValue)
        }
        return .data(
            .fields(
                ("offering", SagaJSON.json(try JournalEncoder().encode(sealed.offering))),
                ("input_digest", .string("\(sealed.input)"))))
    }

    private static func id(_ call: APICall) throws -> OfferingID {
        try OfferingID(read: call.parameter("id"))
    }
}

/// Starts sagas, and leaves a print of who did.
enum Submission {
    /// The saga that settles an offering.
    static func saga(of offering: OfferingID) throws -> SagaID {
        guard let saga = SagaID(rawValue: offering.rawValue) else {
            throw APIFault.invalid("\(offering) cannot be a saga's id")
        }
        return saga
    }

    static func submit(_ saga: SagaID, _ flow: FlowID, _ input: [UInt8], _ call: APICall) async throws -> Bool {
        let isNew: Bool
        do {
            isNew = try await call.service.operations.submit(saga, flow: flow, input: input)
        } catch let refused as ActionRefused where refused.code == .state {
            throw APIFault(409, "saga.conflict", refused.message)
        }
        if isNew {
            try await call.service.operations.print(
                "submit", by: call.actor, on: saga, reason: "submitted", outcome: "done", detail: "\(flow)")
        }
        return isNew
    }
}
