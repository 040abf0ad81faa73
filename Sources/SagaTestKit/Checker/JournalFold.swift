internal import SagaEngine

/// What a journal comes to: a second, small fold that knows the bytes of entries and nothing of the engine's state.
struct JournalFold {
    /// One instruction under one key.
    struct Order {
        let stage: StageName
        let refusals: Int
        let place: Int
        let at: Timestamp
        let party: String
        let reference: String
        let exposure: Exposure?
        let wire: [UInt8]
        var receipt: (place: Int, isSettled: Bool)?
        var refusal: Int?
        /// The place of the entry that proves its effect.
        var proof: Int?
    }

    private(set) var orders: [Order] = []
    private(set) var isPivoted: Bool
    private(set) var isStuck = false
    private(set) var outcome: (status: String, output: String, place: Int)?
    private(set) var actions: [String] = []
    private(set) var used: [(notice: Int64, order: StageName, facts: [(String, String)], entry: JournalEntry)] = []
    /// What is wrong with the journal itself.
    private(set) var faults: [Violation] = []
    private var seen: Set<String> = []
    private let id: SagaID

    init(of saga: CheckedSaga, inheritsPivot: Bool) {
        id = saga.row.id
        isPivoted = inheritsPivot
        for entry in saga.journal { take(entry) }
    }

    /// Whether a person has acted so.
    func has(_ action: String) -> Bool { actions.contains(action) }

    /// The instruction that a stage has under its highest key.
    func current(_ stage: StageName) -> Order? { orders.last { $0.stage == stage } }

    private mutating func take(_ entry: JournalEntry) {
        if let outcome { fault("I8", "entry \(entry.sequence) stands after the outcome \(outcome.status)") }
        let clears: Bool
        switch entry.kind {
        case .intent: clears = intend(entry)
        case .receipt: clears = receive(entry)
        case .refused: clears = refuse(entry)
        case .notice, .found, .resolved: clears = prove(entry)
        case .value, .slept, .posted, .barrier: clears = once(entry)
        case .pivot:
            clears = once(entry)
            isPivoted = true
        case .spawned: clears = true
        case .attempt: clears = false
        case .stuck:
            isStuck = true
            clears = false
        case .action:
            act(entry)
            clears = true
        case .outcome:
            let body = value(entry)
            outcome = (body["status"]?.stringValue ?? "?", body["output"]?.stringValue ?? "?", entry.sequence)
            clears = true
        }
        if clears { isStuck = false }
    }

    private mutating func intend(_ entry: JournalEntry) -> Bool {
        let parts = entry.body.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            fault("I14", "the intent \(entry.sequence) does not have three lines")
            return true
        }
        let header = parse(Array(parts[0]))
        if let known = orders.first(where: { $0.stage == entry.stage && $0.refusals == entry.refusals }) {
            fault("I3", "\(entry.stage)#\(entry.refusals) has two intents, at \(known.place) and \(entry.sequence)")
        }
        let earlier = orders.last { $0.stage == entry.stage }
        if entry.refusals > 0, earlier?.refusals != entry.refusals - 1 || earlier?.refusal == nil {
            fault("I3", "\(entry.stage)#\(entry.refusals) is a new key although nothing refused the one before")
        }
        orders.append(
            Order(
                stage: entry.stage, refusals: entry.refusals, place: entry.sequence, at: entry.at,
                party: header["to"]?.stringValue ?? "?", reference: header["reference"]?.stringValue ?? "?",
                exposure: exposure(header["exposure"]), wire: parts[2].isEmpty ? Array(parts[1]) : Array(parts[2])))
        return true
    }

    private mutating func receive(_ entry: JournalEntry) -> Bool {
        guard let index = orders.lastIndex(where: { $0.stage == entry.stage }) else {
            fault("I8", "the receipt \(entry.sequence) of \(entry.stage) has no intent")
            return true
        }
        if orders[index].receipt != nil { fault("I8", "\(entry.stage) has a second receipt, at \(entry.sequence)") }
        let isSettled = value(entry)["receipt"]?["state"]?.stringValue == "settled"
        orders[index].receipt = (entry.sequence, isSettled)
        if isSettled { orders[index].proof = orders[index].proof ?? entry.sequence }
        return true
    }

    private mutating func refuse(_ entry: JournalEntry) -> Bool {
        guard let index = orders.lastIndex(where: { $0.stage == entry.stage }) else {
            fault("I8", "the refusal \(entry.sequence) of \(entry.stage) has no intent")
            return true
        }
        if orders[index].proof != nil { fault("I8", "\(entry.stage) is refused after it was proved") }
        orders[index].refusal = entry.sequence
        return true
    }

    private mutating func prove(_ entry: JournalEntry) -> Bool {
        let body = value(entry)
        let stage = StageName(rawValue: body["order"]?.stringValue ?? "?")
        guard let index = orders.lastIndex(where: { $0.stage == stage }), orders[index].receipt != nil else {
            fault("I8", "the proof \(entry.sequence) is about \(stage), which has no receipt")
            return true
        }
        if orders[index].refusal != nil { fault("I8", "\(stage) is proved after it was refused") }
        if !seen.insert("proof \(stage)#\(orders[index].refusals)").inserted {
            fault("I13", "\(stage) is proved twice, the second time at \(entry.sequence)")
        }
        orders[index].proof = entry.sequence
        if entry.kind == .notice {
            let facts = body["facts"]?.objectValue?.map { ($0.name, $0.value.stringValue ?? "?") } ?? []
            used.append((body["number"]?.integerValue ?? 0, stage, facts, entry))
        }
        return true
    }

    private mutating func once(_ entry: JournalEntry) -> Bool {
        if !seen.insert("\(entry.kind) \(entry.stage)").inserted {
            fault("I8", "\(entry.stage) has a second \(entry.kind), at \(entry.sequence)")
        }
        return true
    }

    private mutating func act(_ entry: JournalEntry) {
        let action = value(entry)["action"]?.objectValue?.first?.name ?? "?"
        actions.append(action)
        if isPivoted, action == "cancel" || action == "discard" {
            fault("I8", "it was called off at \(entry.sequence), past its point of no return")
        }
    }

    private func exposure(_ value: JSONValue?) -> Exposure? {
        guard let value, let asset = value["asset"]?.stringValue, let amount = value["amount"]?.stringValue,
            let number = Int128(amount)
        else { return nil }
        return Exposure(asset: asset, amount: number, decimals: Int(value["decimals"]?.integerValue ?? 0))
    }

    private mutating func value(_ entry: JournalEntry) -> JSONValue { parse(entry.body) }

    private mutating func parse(_ bytes: [UInt8]) -> JSONValue {
        do throws(CodecError) {
            return try JSONValue.parse(bytes)
        } catch {
            fault("I14", "an entry cannot be read: \(error)")
            return .null
        }
    }

    private mutating func fault(_ invariant: String, _ message: String) {
        faults.append(Violation(invariant, "\(id): \(message)"))
    }
}

extension JournalFold {
    /// What is at stake: instructions that may have had an effect which nothing proves.
    var exposures: [Exposure] {
        var stages: [StageName] = []
        for order in orders where !stages.contains(order.stage) { stages.append(order.stage) }
        return stages.compactMap { stage in
            guard let order = current(stage), order.refusal == nil, order.proof == nil else { return nil }
            return order.exposure
        }
    }
}
