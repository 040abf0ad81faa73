internal import Adapters
internal import SagaEngine

/// Counterparties' callbacks.
enum WebhookRoutes {
    static func all(_ config: RunnerConfig) -> [APIRoute] {
        // The largest any source may send; each source's own limit is looked at before anything else.
        let largest = config.counterparties.compactMap { $0.webhook?.bodyLimit }.max() ?? 0
        return [
            APIRoute(
                method: .post, path: "/webhooks/{source}", access: .signed, body: .raw(limit: largest),
                summary: "A counterparty's callback: 200 once it is stored.", judgeHead: judge, handle: take)
        ]
    }

    /// Whoever signs nothing, and who is nobody, gets no place to send a body from.
    private static func judge(_ call: APICall) throws {
        let outcome = call.service.intake.refusal(
            from: call.parameter("source"), head: call.request.headers)
        switch outcome {
        case .unknownSource: throw unknownSource
        case .refused: throw refused
        case .stored, .full, nil: return
        }
    }

    private static let unknownSource = APIFault(
        404, "webhook.unknown_source", "no counterparty of this name sends callbacks")
    private static let refused = APIFault(
        401, "webhook.refused", "the signature, its time or its key is not right")

    private static func take(_ call: APICall) async throws -> APIReply {
        let source = call.parameter("source")
        guard let limit = call.service.intake.bodyLimit(of: source) else {
            throw unknownSource
        }
        guard call.request.body.count <= limit else {
            throw APIFault(413, "webhook.too_large", "a callback of this source has at most \(limit) bytes")
        }
        let outcome: NoticeIntake.Outcome
        do {
            outcome = try await call.service.intake.take(
                from: source, headers: call.request.headers, body: call.request.body)
        } catch {
            // Whatever the trouble, the sender is to come again: only what is stored is acknowledged.
            call.service.logger.log(
                "webhook.not_stored", .error,
                ["source": source, "request_id": call.request.requestID, "code": APIFault(error).code])
            throw APIFault(503, "store.unavailable", "it could not be stored; send it again", retryAfter: 5)
        }
        switch outcome {
        case .stored: return .raw(.json(200, Array(#"{"data":{"stored":true}}"#.utf8)))
        case .refused: throw refused
        case .full:
            throw APIFault(
                503, "webhook.full", "it contradicts what came before, and as many such as are kept wait for a person",
                retryAfter: 600)
        case .unknownSource: throw unknownSource
        }
    }
}
