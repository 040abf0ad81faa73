internal import Adapters
internal import SagaEngine

/// Which sagas are meant: by what the store can search, and by what they wait for or are stuck on.
struct SagaFilter: Equatable {
    /// The most sagas that are looked through for a cause or a stage.
    static let scanLimit = 10_000
    /// The query parameters that name a filter.
    static let names = ["status", "flow", "under", "cause", "stage", "roots", "where"]

    var query = SagaQuery()
    var cause: Predicament.Cause?
    var stage: String?
    private var choosesRoots = false

    /// Reads a filter from query parameters.
    init(_ request: HTTPServerRequest) throws {
        for name in Self.names where name != "where" {
            if let value = request.query(name) { try take(name, value) }
        }
        if let terms = request.query("where") { try take(terms) }
        settle()
    }

    /// Reads a filter from terms: `status=stuck and flow=investor-funding`.
    init(terms: String) throws {
        try take(terms)
        settle()
    }

    private mutating func settle() {
        guard !choosesRoots else { return }
        query.rootsOnly =
            query.status == nil && query.under == nil && query.flow == nil && cause == nil && stage == nil
    }

    private mutating func take(_ terms: String) throws {
        for term in terms.split(separator: " and ") {
            let parts = term.split(separator: "=", maxSplits: 1).map { $0.trimmed }
            guard parts.count == 2, Self.names.dropLast().contains(parts[0]) else {
                let known = Self.names.dropLast()
                let hint = Suggestion.hint(for: parts.first ?? "", among: Array(known))
                throw APIFault(
                    400, "request.where",
                    "\(Self.shown(term)) is no term of where: each is NAME=VALUE, joined by \" and \"; names are "
                        + known.joined(separator: ", ") + hint)
            }
            try take(parts[0], parts[1])
        }
    }

    private mutating func take(_ name: String, _ value: String) throws {
        switch name {
        case "status": query.status = try Self.word(name, value)
        case "flow": query.flow = value
        case "under":
            guard let id = SagaID(rawValue: value) else {
                throw APIFault(400, "request.where", "under must be a saga's id, not \(Self.shown(value))")
            }
            query.under = id
        case "cause": cause = try Self.word(name, value)
        case "stage": stage = value
        case "roots":
            guard value == "true" || value == "false" else {
                throw APIFault(400, "request.where", "roots must be true or false, not \(Self.shown(value))")
            }
            query.rootsOnly = value == "true"
            choosesRoots = true
        default: throw APIFault(400, "request.where", "\(name.prefix(40)) is no name of a filter")
        }
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ value: String
    ) throws -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: value) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            let hint = Suggestion.hint(for: value, among: Word.allCases.map(\.rawValue))
            throw APIFault(400, "request.where", "\(name) must be one of \(known), not \(shown(value))\(hint)")
        }
        return word
    }

    /// A part of what was asked, as it may be repeated.
    private static func shown(_ text: some StringProtocol) -> String {
        "'" + PlainText.escaping(String(text.prefix(80))) + "'"
    }

    // MARK: Finding

    /// A page of the sagas that match, and how many there are.
    func page(_ page: APIPage, in archive: any SagaArchive) async throws -> SagaPage {
        guard cause != nil || stage != nil else {
            var query = query
            query.offset = page.offset
            query.limit = page.limit
            return try await archive.search(query)
        }
        let all = try await all(in: archive, limit: Self.scanLimit)
        return SagaPage(rows: Array(all.dropFirst(page.offset).prefix(page.limit)), total: all.count)
    }

    /// All sagas that match.
    ///
    /// - Throws: ``APIFault`` when more than `limit` would have to be looked through.
    func all(in archive: any SagaArchive, limit: Int) async throws -> [SagaRow] {
        var query = query
        query.limit = SagaQuery.maximumLimit
        var rows: [SagaRow] = []
        while true {
            query.offset = rows.count
            let page = try await archive.search(query)
            guard page.total <= limit else {
                throw APIFault(
                    400, "bulk.too_many",
                    "\(page.total) sagas would have to be looked through; name fewer than \(limit)")
            }
            rows += page.rows
            if page.rows.count < query.limit { break }
        }
        return rows.filter(matches)
    }

    /// Says so when what the filter names does not exist, which is another thing than that nothing matches.
    ///
    /// To be asked when nothing matches: a flow that was once run has sagas, though no program knows it any more.
    func refuseUnknown(in archive: any SagaArchive, knowing flows: [FlowID]) async throws {
        if let flow = query.flow, !flows.contains(where: { $0.name == flow }),
            try await archive.search(SagaQuery(flow: flow, limit: 1)).total == 0
        {
            let known = Set(flows.map(\.name)).sorted().joined(separator: ", ")
            let name = PlainText.escaping(String(flow.prefix(200)))
            throw APIFault(404, "flow.not_found", "there is no flow \(name); there are \(known)")
        }
        if let under = query.under, try await archive.row(of: under) == nil {
            throw APIFault.notFound("saga", under.rawValue)
        }
    }

    private func matches(_ row: SagaRow) -> Bool {
        guard cause != nil || stage != nil else { return true }
        guard let predicament = SagaJSON.predicament(row) else { return false }
        return (cause == nil || predicament.cause == cause) && (stage == nil || predicament.stage.rawValue == stage)
    }
}

extension Substring {
    /// The text without the spaces around it.
    var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
