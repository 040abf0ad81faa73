import Adapters
import SagaEngine

/// What a process has promised by acknowledging it, and what its counterparties have done meanwhile.
struct Promises {
    /// The clock of the process.
    private(set) var now = Timestamp(milliseconds: 0)
    /// How many promises there are.
    private(set) var count = 0
    private(set) var sagas: Set<String> = []
    /// The last acknowledged entry of each saga by the saga's number; its link stands for all before it.
    private(set) var entries: [SagaNumber: (sequence: Int, link: String)] = [:]
    private(set) var notices: Set<NoticeName> = []
    private(set) var isOfferingSealed = false
    /// The counterparties' own journals.
    private(set) var events: [CounterpartyName: [PartyEvent]] = [:]

    /// What a notice is known by.
    struct NoticeName: Hashable {
        let source: String
        let id: String
    }

    /// The references of every effect so far.
    var effects: Set<String> {
        var references: Set<String> = []
        for case .effect(let effect) in events.values.joined() { references.insert(effect.reference) }
        return references
    }

    /// Takes in the lines of one acknowledgement, as ``PromiseSink`` writes them.
    mutating func take(_ lines: String) throws {
        for line in lines.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
            guard fields.count > 2, let moment = Int64(fields[0]) else { throw PromiseUnreadable(line: String(line)) }
            now = max(now, Timestamp(milliseconds: moment))
            guard take(fields[1], Array(fields[2...])) else { throw PromiseUnreadable(line: String(line)) }
            count += 1
        }
    }

    private mutating func take(_ kind: String, _ fields: [String]) -> Bool {
        switch (kind, fields.count) {
        case ("saga", 1): sagas.insert(fields[0])
        case ("sealed", 1): isOfferingSealed = true
        case ("notice", 2): notices.insert(NoticeName(source: fields[0], id: fields[1]))
        case ("entry", 3):
            guard let number = SagaNumber(fields[0]), let sequence = Int(fields[1]) else { return false }
            if sequence > entries[number]?.sequence ?? 0 { entries[number] = (sequence, fields[2]) }
        case ("event", 2):
            guard let event = PartyEvent(line: Array(fields[1].utf8)) else { return false }
            events[CounterpartyName(rawValue: fields[0]), default: []].append(event)
        default: return false
        }
        return true
    }
}

/// A promise that cannot be read.
struct PromiseUnreadable: Error {
    let line: String
}
