internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// A request that is not answered as it hoped: a status, a bounded code, and a sentence with the remedy.
struct APIFault: Error, Equatable {
    var status: Int
    var code: String
    var message: String
    var details: JSONValue?
    /// After how many seconds it may be tried again.
    var retryAfter: Int?

    init(_ status: Int, _ code: String, _ message: String, details: JSONValue? = nil, retryAfter: Int? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.retryAfter = retryAfter
    }

    /// Whether it passes by itself: nothing was done, and the same request may be answered otherwise in a moment.
    var passes: Bool { status >= 500 || code == BusyPatience.code || code == "offering.busy" }

    /// The request makes no sense.
    static func invalid(_ message: String) -> APIFault { APIFault(400, "request.invalid", message) }

    /// There is no such thing.
    static func notFound(_ noun: String, _ name: String) -> APIFault {
        APIFault(404, "\(noun).not_found", "there is no \(noun) \(name.prefix(200))")
    }

    /// There is no such thing, and there are few that could be meant.
    static func notFound(_ noun: String, _ name: String, that what: String = "", among names: [String]) -> APIFault {
        let name = PlainText.escaping(String(name.prefix(200)))
        let hint = Suggestion.hint(for: name, among: names)
        return APIFault(
            404, "\(noun).not_found",
            "there is no \(noun) \(name)\(what.isEmpty ? "" : " that \(what)"); there "
                + "\(names.count == 1 ? "is" : "are") \(names.joined(separator: ", "))\(hint)")
    }

    /// Nothing can be asked of the daemon just now.
    static let away = APIFault(
        503, "store.unavailable", "the daemon is starting or stopping; try again", retryAfter: 2)

    /// Any error, as far as it may be told.
    init(_ error: any Error) {
        switch error {
        case let fault as APIFault: self = fault
        case let refused as ActionRefused: self = Self.fault(refused)
        case let store as StoreError: self = Self.fault(store)
        case let book as OfferingBookError: self = Self.fault(book)
        case let terms as OfferingError: self.init(400, terms.code, "offering.json: \(terms)")
        case let codec as CodecError: self.init(400, "request.invalid", "the body: \(codec)")
        case let name as NameError: self.init(400, "request.invalid", "\(name)")
        case let upload as HTTPUploadError: self.init(400, "request.incomplete", "the upload ended early: \(upload)")
        case let table as any TableError: self = Self.fault(table)
        default: self.init(500, "internal", "something unforeseen happened; the log has it under this request id")
        }
    }

    private static func fault(_ refused: ActionRefused) -> APIFault {
        let code = "action.\(refused.code.rawValue)"
        switch refused.code {
        case .notFound: return APIFault(404, "saga.not_found", refused.message)
        case .forbidden: return APIFault(403, "auth.forbidden", refused.message)
        case .needsSecondPerson: return APIFault(403, code, refused.message)
        case .stale, .state: return APIFault(409, code, refused.message)
        case .busy: return APIFault(409, code, refused.message, retryAfter: 1)
        case .invalid: return APIFault(400, code, refused.message)
        }
    }

    private static func fault(_ error: StoreError) -> APIFault {
        switch error.code {
        case .unavailable:
            APIFault(503, "store.unavailable", "the store cannot be reached just now; try again", retryAfter: 5)
        case .damaged, .corrupt, .misuse, .simulated:
            APIFault(500, "store.\(error.code.rawValue)", "the store failed; the log has it under this request id")
        }
    }

    private static func fault(_ error: any TableError) -> APIFault {
        error.isPassing
            ? APIFault(503, "store.unavailable", "the store cannot be written just now; try again", retryAfter: 5)
            : APIFault(500, "store.damaged", "the store failed; the log has it under this request id")
    }

    private static func fault(_ error: OfferingBookError) -> APIFault {
        switch error {
        case .badRows(let faults):
            return APIFault(
                422, faults.lowest.code, faults.description,
                details: place(faults.lowest).adding(
                    (
                        "rows",
                        .array(
                            faults.first.map {
                                place($0).adding(("code", .string($0.code)), ("message", .string($0.message)))
                            })
                    ), ("more", .count(faults.more))))
        case .contentDiffers: return APIFault(409, "offering.conflict", error.description)
        case .contentReplaced: return APIFault(409, "offering.replaced", error.description)
        case .notLoaded: return APIFault(409, "offering.not_loaded", error.description)
        case .notSealed(let id), .notAllotted(let id): return .notFound("offering", id.rawValue)
        case .loadGone: return APIFault(409, "offering.load_gone", error.description)
        case .busy: return APIFault(409, "offering.busy", error.description)
        case .arithmetic: return APIFault(422, "offering.arithmetic", error.description)
        case .storage where error.isPassing:
            return APIFault(503, "store.unavailable", "the store cannot be written just now; try again", retryAfter: 5)
        case .storage: return APIFault(500, "store.damaged", error.description)
        }
    }

    private static func place(_ fault: RowFault) -> JSONValue {
        .fields(
            ("file", .string(fault.part.rawValue)), ("line", .count(fault.line)), ("column", .count(fault.column)))
    }

    /// The answer that carries it.
    func response(requestID: String) -> HTTPServerResponse {
        let error = JSONValue.fields(
            ("code", .string(code)), ("message", .string(message)), ("details", details),
            ("request_id", .string(requestID)))
        var response = HTTPServerResponse.json(status, JSONValue.fields(("error", error)).bytes())
        if let retryAfter { response.headers.add("Retry-After", "\(retryAfter)") }
        if status == 401 { response.headers.add("WWW-Authenticate", "Bearer") }
        return response
    }
}
